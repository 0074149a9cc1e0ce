package io.sparkcam.testing;

import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.IdxDataSet;
import io.sparkcam.dataset.IdxSpool;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.Spool;
import io.sparkcam.dataset.SpoolReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first 600 training images and the first 200 test images of Fashion-MNIST. */
public final class FashionExtract {
  private FashionExtract() {}

  private static IdxDataSet files() throws IOException {
    URI directory =
        URI.create(FashionExtract.class.getResource("/fashion-mnist-extract").toString());
    return IdxDataSet.in(DataDirectory.of(Path.of(directory)));
  }

  /** Spools the training images; Spark tells files by their name, so each spool has its own. */
  public static Spool spoolTraining(Path file) throws IOException {
    return files().spoolTraining(file, IdxSpool.ALL);
  }

  /** Spools the test images. */
  public static Spool spoolTest(Path file) throws IOException {
    return files().spoolTest(file, IdxSpool.ALL);
  }

  /** All training images. */
  public static ImageBlock training() throws IOException {
    return read(FashionExtract::spoolTraining);
  }

  /** All test images. */
  public static ImageBlock test() throws IOException {
    return read(FashionExtract::spoolTest);
  }

  private interface Spooling {
    Spool into(Path file) throws IOException;
  }

  private static ImageBlock read(Spooling spooling) throws IOException {
    Path file = Files.createTempFile("images", ".spool");
    try {
      Spool spool = spooling.into(file);
      try (SpoolReader reader = SpoolReader.open(file)) {
        return reader.read(0, Math.toIntExact(spool.count()));
      }
    } finally {
      Files.delete(file);
    }
  }
}
