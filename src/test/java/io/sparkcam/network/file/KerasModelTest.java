package io.sparkcam.network.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.network.file.keras.KerasFile;
import io.sparkcam.testing.Distance;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.Npy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Models in the form in which Keras 2 saves them, against PyTorch in double precision: see {@code
 * make_models.py} beside them.
 */
class KerasModelTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/lab_model.h5");
  private static final Path MODELS = Path.of("src/test/resources/keras");
  private static final ImageShape MNIST = new ImageShape(28, 28, 1);

  private static ModelZip.Recognised read(Path file, ImageShape images) throws IOException {
    String name = file.getFileName().toString();
    return ModelZip.recognise(
        KerasFile.read(
                ByteBuffer.wrap(Files.readAllBytes(file)),
                name,
                images,
                Optional.empty(),
                ModelOptions.NONE)
            .network(),
        name,
        images.height(),
        images.width(),
        images.channels());
  }

  private static ForwardPass classified(
      ModelZip.Recognised model, Engine engine, ImageBlock images) {
    ForwardPass classifier = new ForwardPass(model.network(), engine.featureMaps(model.network()));
    classifier.load(model.parameters());
    classifier.classify(images, 0, images.count());
    return classifier;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void labsModelIsTheLabsNetwork(Engine engine) throws IOException {
    ModelZip.Recognised model = read(GOLDEN, MNIST);
    assertEquals(GoldenNetwork.MODEL, model.network());
    ForwardPass classifier = classified(model, engine, GoldenNetwork.images());
    float[] probabilities = Npy.golden("probabilities.npy").floats();
    // Logits reach 18, of which single precision leaves 1e-6.
    assertTrue(Distance.largest(probabilities, classifier.probabilities()) < 1e-5);
    assertTrue(Arrays.equals(GoldenNetwork.parameters(), model.parameters()));
  }

  /** Stacks that the fast engine knows, however Keras divides them into layers. */
  @ParameterizedTest
  @CsvSource({
    "functional, 29, 29, 1, '1x29x29 -> 6 pool -> 5 (1x1)'",
    "separate, 11, 14, 3, '3x11x14 -> 6 pool -> 8'"
  })
  void plainStacksAreRecognised(String name, int height, int width, int channels, String trunk)
      throws IOException {
    ImageShape shape = new ImageShape(height, width, channels);
    ModelZip.Recognised model = read(MODELS.resolve(name + ".h5"), shape);
    assertEquals(trunk, assertInstanceOf(GapCnn.class, model.network()).trunk().toString());
    assertAgrees(name, model, shape);
  }

  /**
   * What else DL4J's layers compute.
   *
   * @param above offset of the first cell's window: worked out by hand from the layers' paddings
   * @param left the same along columns
   */
  @ParameterizedTest
  @CsvSource({
    // Rows 21, 11 (5x5, stride 2, padded by 2), 5 (2x2), 3 (3x3, not padded); columns 16, 8 (padded
    // by 1 on the left, 2 on the right), 4, 2.
    "strided, 21, 16, 3, 5, 6, 4",
    "residual, 9, 12, 3, 0, 0, 1"
  })
  void otherNetworksAreComputedByStockLayers(
      String name, int height, int width, int channels, double above, double left, double stride)
      throws IOException {
    ImageShape shape = new ImageShape(height, width, channels);
    ModelZip.Recognised model = read(MODELS.resolve(name + ".h5"), shape);
    assertInstanceOf(StockCam.class, model.network());
    CellGrid grid = new CellGrid(new CellGrid.Axis(above, stride), new CellGrid.Axis(left, stride));
    assertEquals(Optional.of(grid), model.network().cellGrid());
    assertAgrees(name, model, shape);
  }

  /** As read, and as read again from the DL4J model that a run keeps of it. */
  private static void assertAgrees(String name, ModelZip.Recognised model, ImageShape shape)
      throws IOException {
    Map<String, Npy> expected = Npy.archive("keras/" + name + ".npz");
    int count = expected.get("images").shape()[0];
    long[] ids = new long[count];
    ImageBlock images = new ImageBlock(shape, ids, new int[count], expected.get("images").bytes());
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    ModelZip.write(model.dl4j(), saved);
    ModelZip.Recognised again =
        ModelZip.recognise(
            ModelZip.read(new ByteArrayInputStream(saved.toByteArray()), name),
            name,
            shape.height(),
            shape.width(),
            shape.channels());
    assertEquals(model.network(), again.network());
    for (ModelZip.Recognised either : new ModelZip.Recognised[] {model, again}) {
      for (Engine engine : Engine.values()) {
        ForwardPass classifier = classified(either, engine, images);
        // Features reach 30, probabilities 1: single precision.
        float[] features = expected.get("features").floats();
        assertTrue(Distance.largest(features, classifier.features()) < 1e-4);
        float[] probabilities = expected.get("probabilities").floats();
        assertTrue(Distance.largest(probabilities, classifier.probabilities()) < 1e-5);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lost | layer dense (Dense): no weights 'kernel' in the file, expected one
          misshapen | dense/dense/kernel:0: array of [3, 10], expected [2, 10]
          """)
  void refused(String name, String why) {
    String file = name + ".h5";
    assertEquals(file + ": " + why, refusal(MODELS.resolve(file), MNIST));
  }

  @Test
  void otherImagesAreRefused() {
    assertEquals(
        "lab_model.h5: takes input of (28, 28, 1), the images are (32, 32, 3):"
            + " rows, columns, channels",
        refusal(GOLDEN, new ImageShape(32, 32, 3)));
    assertEquals(
        "separate.h5: takes input of (any, any, 3), the images are (28, 28, 1):"
            + " rows, columns, channels",
        refusal(MODELS.resolve("separate.h5"), MNIST));
  }

  @Test
  void damagedFilesAreRefused(@TempDir Path directory) throws IOException {
    byte[] whole = Files.readAllBytes(GOLDEN);
    for (int length : new int[] {8, 100, 3000, whole.length / 2}) {
      Path cut = Files.write(directory.resolve("cut.h5"), Arrays.copyOf(whole, length));
      assertEquals(
          "cut.h5: cannot be read as HDF5: cut short, damaged, or its arrays lie elsewhere",
          refusal(cut, MNIST));
    }
  }

  private static String refusal(Path file, ImageShape images) {
    return assertThrows(IOException.class, () -> read(file, images)).getMessage();
  }
}
