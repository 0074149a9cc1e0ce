package io.sparkcam.inputs;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.file.FiniteWeights;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.network.file.keras.KerasFile;
import io.sparkcam.network.file.onnx.OnnxFile;
import io.sparkcam.network.file.onnx.OnnxModel;
import io.sparkcam.run.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
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

  private ModelFile() {}

  /**
   * Reads a model that is to explain images.
   *
   * @param name of the file or the run's directory
   */
  public static ExplainableModel read(String name, ImageShape images, Configuration configuration)
      throws IOException {
    Path path = new Path(name);
    FileSystem files = path.getFileSystem(configuration);
    Path file = files.getFileStatus(path).isDirectory() ? inRun(files, path, name) : path;
    byte[] start;
    try (InputStream in = files.open(file)) {
      start = in.readNBytes(KerasFile.SIGNATURE_LENGTH);
    }
    try (InputStream in = files.open(file)) {
      if (OnnxFile.startsLike(start)) {
        return explainable(OnnxFile.read(in, name, images));
      }
      return explainable(
          KerasFile.startsLike(start) ? keras(in, name, images) : ModelZip.read(in, name),
          name,
          images);
    }
  }

  private static Path inRun(FileSystem files, Path run, String name) throws IOException {
    for (String kept : List.of(DL4J, ONNX)) {
      Path file = new Path(run, kept);
      if (files.exists(file)) {
        return file;
      }
    }
    throw new IOException(
        "%s: is a directory without %s or %s, expected a file or a run"
            .formatted(name, DL4J, ONNX));
  }

  /** The library that reads it knows local files only. */
  private static Model keras(InputStream in, String name, ImageShape images) throws IOException {
    java.nio.file.Path local = Files.createTempFile("sparkcam-", ".h5");
    try {
      Files.copy(in, local, StandardCopyOption.REPLACE_EXISTING);
      return KerasFile.read(local, name, images);
    } finally {
      Files.delete(local);
    }
  }

  private static ExplainableModel explainable(Model network, String name, ImageShape images)
      throws IOException {
    FiniteWeights.require(network, name);
    ModelZip.Recognised model =
        ModelZip.recognise(network, name, images.height(), images.width(), images.channels());
    return new ExplainableModel(
        model.network(),
        model.parameters(),
        DL4J,
        out -> ModelZip.write(model.dl4j(), out),
        model.whyStock().map(why -> "DL4J's own layers: " + why));
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
    Path path = new Path(name);
    FileSystem files = path.getFileSystem(configuration);
    boolean run = files.exists(path) && files.getFileStatus(path).isDirectory();
    Path directory = run ? path : path.getParent();
    if (!run && !path.getName().equals("model.zip")
        || !files.exists(new Path(directory, Manifest.NAME))) {
      return Optional.empty();
    }
    List<String> names = Manifest.read(directory, configuration).origin().classNames();
    return names.isEmpty() ? Optional.empty() : Optional.of(new ClassNames(names));
  }

  private static ExplainableModel explainable(OnnxModel model) {
    return new ExplainableModel(
        model.network(),
        model.parameters(),
        ONNX,
        out -> out.write(model.file()),
        Optional.of(OnnxFile.engine()));
  }
}
