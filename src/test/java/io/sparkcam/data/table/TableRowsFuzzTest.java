package io.sparkcam.data.table;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.ingest.BadRecords;
import io.sparkcam.data.ingest.DataOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies where a Parquet file with images should be is read or refused. */
class TableRowsFuzzTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir static Path directory;

  @FuzzTest(maxDuration = "10s")
  void file(byte[] content) throws IOException {
    Files.write(directory.resolve("images.parquet"), content);
    for (String column : new String[] {"image", "pixels"}) {
      DataOptions options =
          new DataOptions(
              Set.of(),
              column,
              "label",
              DecodeSettings.DEFAULT,
              Optional.empty(),
              true,
              Optional.empty(),
              OptionalDouble.empty(),
              BadRecords.FAIL);
      try {
        new TableFormat()
            .stored(DataPlace.of(directory.toString()), "images.parquet#1", options, CONFIGURATION);
      } catch (IOException refused) {
        // what is expected of most
      }
    }
  }
}
