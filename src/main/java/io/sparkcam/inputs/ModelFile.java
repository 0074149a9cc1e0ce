package io.sparkcam.inputs;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.PixelScale;
import io.sparkcam.network.ScaledNetwork;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.file.FiniteWeights;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.network.file.StockNetwork;
import io.sparkcam.network.file.keras.KerasFile;
import io.sparkcam.network.file.onnx.OnnxFile;
import io.sparkcam.network.file.onnx.OnnxModel;
import io.sparkcam.run.Manifest;
import io.sparkcam.storage.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.api.Model;

/** A model that somebody saved: by DL4J, by Keras, as ONNX, or by a run. */
public final class ModelFile {
  /** Under which a run keeps a model that DL4J can read. */
  public static final String DL4J = "model.zip";

  /** Under which a run keeps a model that stays what it is. */
  public static final String ONNX = "model.onnx";

  /** Of a Keras file, which is read as a whole. */
  private static final int MOST_BYTES = 1 << 29;

  private ModelFile() {}

  /**
   * Reads a model that is to explain images.
   *
   * @param name of the file or the run's directory
   * @param options what somebody said of it
   */
  public static ExplainableModel read(
      String name, ImageShape images, ModelOptions options, Configuration configuration)
      throws IOException {
    Path path = Storage.path(name);
    FileSystem files = path.getFileSystem(configuration);
    boolean run = files.getFileStatus(path).isDirectory();
    Path file = run ? inRun(files, path, name) : path;
    requireFile(files, file, name);
    Optional<PixelScale> kept =
        run ? KeptPixels.read(files, path, images.channels()) : Optional.empty();
    Optional<PixelScale> pixels = options.pixels(images.channels()).or(() -> kept);
    byte[] start;
    try (InputStream in = files.open(file)) {
      start = in.readNBytes(ModelKind.START_LENGTH);
    }
    String first = "";
    if (ModelKind.isZip(start)) {
      try (InputStream in = files.open(file)) {
        first = ModelKind.firstEntry(in);
      }
    }
    ModelKind.requireReadable(name, start, first);
    ExplainableModel model;
    try (InputStream in = files.open(file)) {
      if (OnnxFile.startsLike(start)) {
        requireNoLayer(name, options);
        model = explainable(OnnxFile.read(in, name, images, options.head()), name, images, pixels);
      } else if (KerasFile.startsLike(start) || KerasFile.isFirstEntry(first)) {
        KerasFile.Imported keras = KerasFile.read(content(in, name), name, images, pixels, options);
        model =
            explainable(
                keras.network(),
                name,
                images,
                Optional.of(keras.pixels()),
                ModelOptions.NONE.with(options.layer()));
      } else {
        model = explainable(ModelZip.read(in, name), name, images, pixels, options);
      }
    }
    HeadKind found = model.network().headKind();
    if (model.network().classes() > 2
        && options.head().filter(asked -> asked != found).isPresent()) {
      throw new IOException(
          "%s: ends in %s, --head %s is for models that end in logits"
              .formatted(name, word(found), word(options.head().get())));
    }
    return model;
  }

  private static void requireNoLayer(String name, ModelOptions options) throws IOException {
    if (options.layer().flatMap(ModelOptions.FeatureLayer::name).isPresent()) {
      throw new IOException(
          name
              + ": ONNX Runtime computes no gradients by a layer: leave --layer out, which takes them"
              + " by what its dense layer averages, or give a Keras or DL4J model");
    }
  }

  private static String word(HeadKind head) {
    return head.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a network that is to be trained.
   *
   * @param name of the file with DL4J's configuration
   */
  public static TrainableNetwork configuration(
      String name, ImageShape images, int classes, Configuration configuration) throws IOException {
    Path file = Storage.path(name);
    FileSystem files = file.getFileSystem(configuration);
    requireFile(files, file, name);
    try (InputStream in = files.open(file)) {
      return StockNetwork.read(in, name, images, classes);
    }
  }

  /** Pipes and devices may never end. */
  private static void requireFile(FileSystem files, Path file, String name) throws IOException {
    boolean local = files.getUri().getScheme().equals("file");
    if (local && !Files.isRegularFile(java.nio.file.Path.of(file.toUri().getPath()))) {
      throw new IOException(name + ": is no file, expected one");
    }
  }

  private static ByteBuffer content(InputStream in, String name) throws IOException {
    byte[] content = in.readNBytes(MOST_BYTES);
    if (content.length == MOST_BYTES) {
      throw new IOException(
          "%s: %s bytes or more, expected fewer: save it with include_optimizer=False"
              .formatted(name, MOST_BYTES));
    }
    return ByteBuffer.wrap(content);
  }

  private static Path inRun(FileSystem files, Path run, String name) throws IOException {
    for (String kept : List.of(DL4J, ONNX)) {
      Path file = new Path(run, kept);
      if (files.exists(file)) {
        return file;
      }
    }
    if (files.exists(new Path(run, "saved_model.pb"))) {
      throw new IOException(name + ": is a TensorFlow SavedModel: " + ModelKind.TENSORFLOW);
    }
    throw new IOException(
        "%s: is a directory without %s or %s, expected a file or a run"
            .formatted(name, DL4J, ONNX));
  }

  private static ExplainableModel explainable(
      Model network,
      String name,
      ImageShape images,
      Optional<PixelScale> pixels,
      ModelOptions options)
      throws IOException {
    FiniteWeights.require(network, name);
    ModelZip.Recognised model =
        ModelZip.recognise(
            network, name, images.height(), images.width(), images.channels(), options);
    return new ExplainableModel(
        scaled(model.network(), pixels),
        model.parameters(),
        DL4J,
        out -> ModelZip.write(model.dl4j(), out),
        model.whyStock().map(why -> "DL4J's own layers: " + why),
        (classes, parameters) ->
            explainable(
                ModelZip.withHead(model, classes, parameters),
                name,
                images,
                pixels,
                ModelOptions.NONE));
  }

  /**
   * What the classes of a model are called, where it is a run or a file says so.
   *
   * @param namesFile a file of names, one a line, if one is given
   */
  public static Optional<ClassNames> classNames(
      String name, Optional<String> namesFile, Configuration configuration) throws IOException {
    if (namesFile.isPresent()) {
      DataPlace file = DataPlace.of(namesFile.get());
      return Optional.of(ClassNames.read(file.parent().file(file.name(), configuration)));
    }
    return manifest(name, configuration)
        .map(manifest -> manifest.origin().classNames())
        .filter(names -> !names.isEmpty())
        .map(ClassNames::new);
  }

  /** The settings of the run that a model is of; empty for other models. */
  public static Map<String, String> runSettings(String name, Configuration configuration)
      throws IOException {
    return manifest(name, configuration)
        .map(manifest -> manifest.origin().settings())
        .orElse(Map.of());
  }

  /** The channels that a model of a run takes; empty for other models. */
  public static OptionalInt channels(String name, Configuration configuration) throws IOException {
    Optional<Manifest> run = manifest(name, configuration);
    return run.isPresent() ? OptionalInt.of(run.get().origin().channels()) : OptionalInt.empty();
  }

  private static Optional<Manifest> manifest(String name, Configuration configuration)
      throws IOException {
    Path path = Storage.path(name);
    FileSystem files = path.getFileSystem(configuration);
    boolean run = files.exists(path) && files.getFileStatus(path).isDirectory();
    Path directory = run ? path : path.getParent();
    if ((!run && !path.getName().equals(DL4J))
        || !files.exists(new Path(directory, Manifest.NAME))) {
      return Optional.empty();
    }
    return Optional.of(Manifest.read(directory, configuration));
  }

  private static ExplainableModel explainable(
      OnnxModel model, String name, ImageShape images, Optional<PixelScale> pixels) {
    return new ExplainableModel(
        scaled(model.network(), pixels),
        model.parameters(),
        ONNX,
        out -> out.write(model.file()),
        Optional.of(OnnxFile.engine()),
        (classes, head) ->
            explainable(
                OnnxFile.read(
                    new ByteArrayInputStream(model.rewriting().withHead(classes, head)),
                    name,
                    images,
                    Optional.empty()),
                name,
                images,
                pixels));
  }

  private static CamNetwork scaled(CamNetwork network, Optional<PixelScale> pixels) {
    return pixels.map(scale -> ScaledNetwork.of(network, scale)).orElse(network);
  }
}
