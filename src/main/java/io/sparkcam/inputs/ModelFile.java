package io.sparkcam.inputs;

import io.sparkcam.dataset.ImageShape;
import io.sparkcam.network.file.FiniteWeights;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.network.file.keras.KerasFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.api.Model;

/** A model that somebody saved: by DL4J, by Keras, or by a run. */
public final class ModelFile {
  private ModelFile() {}

  /**
   * Reads a model that is to explain images.
   *
   * @param name of the file or the run's directory
   */
  public static ModelZip.Recognised read(
      String name, ImageShape images, Configuration configuration) throws IOException {
    Path path = new Path(name);
    FileSystem files = path.getFileSystem(configuration);
    boolean run = files.getFileStatus(path).isDirectory();
    Path file = run ? new Path(path, "model.zip") : path;
    if (run && !files.exists(file)) {
      throw new IOException(name + ": is a directory without model.zip, expected a file or a run");
    }
    Model network = network(files, file, name, images);
    FiniteWeights.require(network, name);
    return ModelZip.recognise(network, name, images.height(), images.width(), images.channels());
  }

  private static Model network(FileSystem files, Path file, String name, ImageShape images)
      throws IOException {
    byte[] start;
    try (InputStream in = files.open(file)) {
      start = in.readNBytes(KerasFile.SIGNATURE_LENGTH);
    }
    try (InputStream in = files.open(file)) {
      if (!KerasFile.startsLike(start)) {
        return ModelZip.read(in, name);
      }
      // The library that reads it knows local files only.
      java.nio.file.Path local = Files.createTempFile("sparkcam-", ".h5");
      try {
        Files.copy(in, local, StandardCopyOption.REPLACE_EXISTING);
        return KerasFile.read(local, name, images);
      } finally {
        Files.delete(local);
      }
    }
  }
}
