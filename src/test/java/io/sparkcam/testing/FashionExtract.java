package io.sparkcam.testing;

import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.Part;
import io.sparkcam.data.idx.IdxChunks;
import io.sparkcam.data.idx.IdxFormat;
import io.sparkcam.data.ingest.ImageSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/** The first 600 training images and the first 200 test images of Fashion-MNIST. */
public final class FashionExtract {
  private static final Configuration HADOOP = new Configuration();

  private FashionExtract() {}

  private static String files() {
    return FashionExtract.class.getResource("/fashion-mnist-extract").getPath();
  }

  /** Stores the training images. */
  public static ImageIndex storeTraining(Path directory) throws IOException {
    return store(files(), Part.TRAIN, directory);
  }

  /** Stores the test images. */
  public static ImageIndex storeTest(Path directory) throws IOException {
    return store(files(), Part.TEST, directory);
  }

  private static ImageIndex store(String data, Part part, Path directory) throws IOException {
    return store(data, part, ImageSource.ALL, directory);
  }

  /** Stores the first images of a part of a data set of IDX files, of ten classes. */
  public static ImageIndex store(String data, Part part, long limit, Path directory)
      throws IOException {
    IdxFormat.Files files = IdxFormat.files(DataPlace.of(data), part, HADOOP).orElseThrow();
    return IdxChunks.read(
            files.images(),
            files.labels(),
            IdxChunks.Form.of(ClassNames.FASHION_MNIST.count()),
            limit,
            new org.apache.hadoop.fs.Path("file", null, directory.toString()),
            UUID.randomUUID().toString(),
            HADOOP)
        .index();
  }

  /** All training images. */
  public static ImageBlock training() throws IOException {
    return read(Part.TRAIN);
  }

  /** All test images. */
  public static ImageBlock test() throws IOException {
    return read(Part.TEST);
  }

  private static ImageBlock read(Part part) throws IOException {
    Path directory = Files.createTempDirectory("images");
    ImageIndex index = store(files(), part, directory);
    try (ChunkReader reader = new ChunkReader(index, HADOOP)) {
      return reader.read(0, Math.toIntExact(index.count()));
    } finally {
      for (var chunk : index.chunks()) {
        Files.delete(Path.of(URI.create(chunk.file()).getPath()));
      }
      Files.delete(directory);
    }
  }
}
