package io.sparkcam.table;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.verify.FooterCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies where a part of a table should be is read or refused. */
class TableFuzzTest {
  private static final Configuration CONFIGURATION = new Configuration();
  private static final ExplanationShape SHAPE = SampleExplanations.SMALL;

  @TempDir static java.nio.file.Path directory;

  @FuzzTest(maxDuration = "10s")
  void part(byte[] content) throws IOException {
    Path run = new Path(directory.toString());
    PartFile part = new PartFile("part-00000.parquet", 3, content.length, "", 0, 2);
    java.nio.file.Path file = directory.resolve("explanations").resolve(part.name());
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    RunTable table =
        new RunTable(run, TableEntry.explanations(SHAPE, List.of(part)), CONFIGURATION);
    try {
      table.rows(Set.of(0L, 2L));
    } catch (IOException refused) {
      // what is expected of most
    }
    try {
      table.forEach(row -> {});
    } catch (IOException refused) {
      // what is expected of most
    }
    try {
      table.firstPredicted(1, 2);
    } catch (IOException refused) {
      // what is expected of most
    }
    try {
      new FooterCheck(
              new Path(run, "explanations"),
              ExplanationSchema.of(SHAPE).message().toString(),
              new SerializableConfiguration(CONFIGURATION))
          .call(part);
    } catch (IOException refused) {
      // what is expected of most
    }
  }
}
