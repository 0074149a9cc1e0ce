package io.sparkcam.network.file.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.cam.ClassActivation;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.PixelScale;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.testing.Npy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models of the kinds that people have, against PyTorch in double precision: probabilities, logits,
 * features and maps.
 */
class KerasCasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases/models");

  private static Map<String, Npy> reference(String name) throws IOException {
    return Npy.archive("cases/models/" + name + "/ref.npz");
  }

  private static final ModelOptions BY_GRADIENTS =
      ModelOptions.NONE.with(Optional.of(new ModelOptions.FeatureLayer(Optional.empty())));

  private static ModelZip.Recognised read(
      String name, Optional<PixelScale> pixels, ModelOptions options) throws IOException {
    int[] shape = reference(name).get("images").shape();
    ImageShape images = new ImageShape(shape[2], shape[3], shape[1]);
    Path zip = CASES.resolve(name).resolve("model.keras");
    Path file = Files.exists(zip) ? zip : CASES.resolve(name).resolve("model.h5");
    KerasFile.Imported imported =
        KerasFile.read(
            ByteBuffer.wrap(Files.readAllBytes(file)),
            file.getFileName().toString(),
            images,
            pixels,
            options);
    return ModelZip.recognise(
            imported.network(), name, images.height(), images.width(), images.channels(), options)
        .withPixels(imported.pixels());
  }

  private static ModelZip.Recognised published(ModelZip.Recognised model, ModelOptions options)
      throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelZip.write(model.dl4j(), file);
    CamNetwork network = model.network();
    ModelZip.Recognised again =
        ModelZip.recognise(
            ModelZip.read(new ByteArrayInputStream(file.toByteArray()), "model.zip"),
            "model.zip",
            network.height(),
            network.width(),
            network.channels(),
            options);
    return network.pixels().map(again::withPixels).orElse(again);
  }

  /** As read, and as read again from the DL4J model that a run keeps of it; by either engine. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PReLU_full",
        "act_leaky_relu",
        "act_mish",
        "augmentation",
        "avgpool_full_flatten",
        "bn_center_false",
        "caffe_mean_bgr_no_rescaling",
        "cf_functional",
        "channels_first",
        "concat_x_x",
        "constraint_MaxNorm",
        "dense_no_bias",
        "densenet_concat",
        "depthwise_mult2",
        "gap_flatten_dense",
        "gap_keepdims_flatten_dense",
        "grouped_conv",
        "keras3_legacy_h5",
        "keras3_zip",
        "linear_logits_head",
        "mixed_float16",
        "mobilenet_v1_head",
        "names_with_slashes",
        "nested_functional",
        "normalization",
        "raw_0_255_no_rescaling",
        "rescaling",
        "residual_add",
        "separable",
        "shared_conv_parallel",
        "shared_relu_twice",
        "sigmoid_1",
        "squeeze_excite",
        "tfoplambda_preprocess",
        "valid_5x5_7x5"
      })
  void isRight(String name) throws IOException {
    Optional<PixelScale> pixels =
        switch (name) {
          case "raw_0_255_no_rescaling" -> Optional.of(PixelScale.raw(1));
          case "caffe_mean_bgr_no_rescaling" -> Optional.of(PixelScale.caffe());
          default -> Optional.empty();
        };
    ModelZip.Recognised model = read(name, pixels, ModelOptions.NONE);
    ModelZip.Recognised again = published(model, ModelOptions.NONE);
    for (ModelZip.Recognised either : new ModelZip.Recognised[] {model, again}) {
      for (Engine engine : Engine.values()) {
        assertAgrees(name, either, engine);
      }
    }
  }

  /** Without an exact class activation map: what is explained is the last convolution. */
  @ParameterizedTest
  @CsvSource({
    "global_max, 14, 12",
    "tf_flowers_tutorial, 14, 12",
    "two_dense, 14, 12",
    "vgg_flatten, 14, 12"
  })
  void gradientsExplainAnyHead(String name, int cells, int channels) throws IOException {
    boolean flowers = name.equals("tf_flowers_tutorial"); // its reference takes 0 to 1, and logits
    Optional<PixelScale> pixels = flowers ? Optional.of(PixelScale.unit(3)) : Optional.empty();
    ModelZip.Recognised model = read(name, pixels, BY_GRADIENTS);
    ModelZip.Recognised again = published(model, BY_GRADIENTS);
    for (ModelZip.Recognised either : new ModelZip.Recognised[] {model, again}) {
      CamNetwork network = either.network();
      assertEquals(
          List.of(cells, channels), List.of(network.featureRows(), network.featureChannels()));
      ForwardPass pass = classified(name, either, Engine.FAST);
      float[] given = flowers ? pass.logits() : pass.probabilities();
      float[] expected = reference(name).get("prob").floats();
      assertNear("prob", expected, given, expected.length, network.classes(), 0, 1e-5);
    }
    // What a run of it keeps is no model of one cell with an exact map.
    assertThrows(IOException.class, () -> published(model, ModelOptions.NONE));
  }

  private static ForwardPass classified(String name, ModelZip.Recognised model, Engine engine)
      throws IOException {
    CamNetwork network = model.network();
    Npy images = reference(name).get("images");
    int count = images.shape()[0];
    ForwardPass pass = new ForwardPass(network, engine.featureMaps(network));
    pass.load(model.parameters());
    pass.classify(
        new ImageBlock(
            new ImageShape(network.height(), network.width(), network.channels()),
            new long[count],
            new int[count],
            images.bytes()),
        0,
        count);
    return pass;
  }

  private static void assertAgrees(String name, ModelZip.Recognised model, Engine engine)
      throws IOException {
    Map<String, Npy> expected = reference(name);
    CamNetwork network = model.network();
    int count = expected.get("images").shape()[0];
    ForwardPass pass = classified(name, model, engine);
    int classes = network.classes();
    int outputs = expected.get("logits").shape()[1];
    // One logit z stands for two: 0 and z.
    int first = classes - outputs;
    assertEquals(name.equals("sigmoid_1") ? 1 : 0, first);
    float[] features = expected.get("feat").floats();
    assertNear("features", features, pass.features(), features.length, 1, 0, 1e-4);
    float[] logits = expected.get("logits").floats();
    assertNear("logits", logits, pass.logits(), logits.length, classes, first, 1e-4);
    if (!name.equals("linear_logits_head")) {
      float[] probabilities = expected.get("prob").floats();
      for (int i = 0; i < probabilities.length; i++) {
        float found = pass.probabilities()[i / outputs * classes + first + i % outputs];
        assertEquals(probabilities[i], found, 1e-5, "probability " + i);
      }
    }
    float[] maps = new float[count * classes * network.featureRows() * network.featureColumns()];
    ClassActivation activation =
        new ClassActivation(
            network.featureRows(),
            network.featureColumns(),
            network.featureChannels(),
            classes,
            network.denseWeights(model.parameters()),
            network.denseBias(model.parameters()));
    activation.maps(pass.features(), count, maps);
    int cells = network.featureRows() * network.featureColumns();
    float[] cams = expected.get("cam").floats();
    assertNear("maps", cams, maps, cams.length, classes * cells, first * cells, 1e-4);
    for (int n = 0; n < count; n++) {
      float audit = activation.audit(maps, n * classes * cells, pass.logits(), n * classes);
      assertEquals(0, audit, 1e-5 * Math.max(10, largest(logits)));
    }
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Relative to the largest; of rows of the found array, those from {@code skipped} on. */
  private static void assertNear(
      String what,
      float[] expected,
      float[] found,
      int length,
      int row,
      int skipped,
      double tolerance) {
    double largest = largest(expected);
    int kept = row - skipped;
    for (int i = 0; i < length; i++) {
      float value = found[i / kept * row + skipped + i % kept];
      assertEquals(expected[i], value, tolerance * largest, what + " " + i);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          act_gelu | cannot be explained: layer conv2d (Conv2D): DL4J does not compute its activation 'gelu': export the model to ONNX instead, see README
          global_max | cannot be explained: layer global_max_pooling2d (GlobalMaxPooling2D) takes maxima, which do not add up to the logit: no exact class activation map, expected an average; gradients explain it: --method gradcam
          keras1 | keras_version 1.2.2, expected 2 or 3: load it with Keras 2 and save it again
          lambda | cannot be explained: layer lambda (Lambda) is Python code, which the file does not hold as layers: export the model to ONNX instead, see README
          layer_norm | cannot be explained: layer layer_normalization (LayerNormalization) is not known here: export the model to ONNX instead, see README
          tf_flowers_tutorial | cannot be explained: two dense layers with relu between them (layer dense (Dense), layer dense_1 (Dense)): class activation maps need one; gradients explain it: --method gradcam
          two_dense | cannot be explained: two dense layers with relu between them (layer dense (Dense), layer dense_1 (Dense)): class activation maps need one; gradients explain it: --method gradcam
          upsample_bilinear | cannot be explained: layer up_sampling2d (UpSampling2D): DL4J does not interpolate: export the model to ONNX instead, see README
          vgg_flatten | cannot be explained: two dense layers with relu between them (layer dense (Dense), layer dense_1 (Dense)): class activation maps need one; gradients explain it: --method gradcam
          weights_only | HDF5 without the attribute model_config: weights alone, expected what model.save writes
          """)
  void isRefused(String name, String why) {
    IOException refused =
        assertThrows(IOException.class, () -> read(name, Optional.empty(), ModelOptions.NONE));
    assertEquals("model.h5: " + why, refused.getMessage());
  }
}
