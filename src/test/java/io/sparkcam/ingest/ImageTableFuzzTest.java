package io.sparkcam.ingest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies where a Parquet file with images should be is read or refused. */
class ImageTableFuzzTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir static Path directory;

  @FuzzTest(maxDuration = "10s")
  void file(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("images.parquet"), content);
    for (String column : new String[] {"image", "pixels"}) {
      try {
        TableCell.read(new org.apache.hadoop.fs.Path(file.toUri()), 1, column, CONFIGURATION);
      } catch (IOException refused) {
        // what is expected of most
      }
    }
  }
}
