package io.sparkcam.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.testing.SharedSpark;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharedSpark
class StudyTest {
  @TempDir Path directory;

  private final SparkSession spark;

  StudyTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void everyTrainingIsMadeOnce() throws Exception {
    String data =
        Path.of(URI.create(getClass().getResource("/fashion-mnist-extract").toString())).toString();
    String[] arguments = {
      directory.toString(), "2", "2", "1,3", "5,6,7", "steady:batch-size=16,data=" + data
    };
    List<String> medians = Study.of(arguments);
    assertEquals(2, medians.size());
    assertTrue(medians.get(0).contains(" 1 workers: median 0."), medians.get(0));
    assertTrue(medians.get(1).endsWith(" of 3 seeds"), medians.get(1));
    String lines = Files.readString(directory.resolve("points.jsonl"));
    String chart = Files.readString(directory.resolve("study.svg"));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(3, files.count(), "temporary files are gone");
    }

    Row row =
        spark
            .read()
            .parquet(directory.resolve("study.parquet").toString())
            .selectExpr(
                "count(*)",
                "count(DISTINCT workers, seed, epoch)",
                "min(val_accuracy) >= 0 AND max(val_accuracy) <= 1 AND min(processor_seconds) > 0")
            .first();
    assertEquals(12, row.getLong(0));
    assertEquals(12, row.getLong(1));
    assertTrue(row.getBoolean(2));

    assertEquals(medians, Study.of(arguments));
    assertEquals(lines, Files.readString(directory.resolve("points.jsonl")));
    assertEquals(chart, Files.readString(directory.resolve("study.svg")));
  }
}
