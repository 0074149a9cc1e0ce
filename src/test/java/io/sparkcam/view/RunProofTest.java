package io.sparkcam.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.job.SmallRuns;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SharedSpark
class RunProofTest {
  /** Of float sums of 128 products and of 9 features each, against those in double. */
  private static final double TOLERANCE = 1e-4;

  @Test
  void duckDbComputesTheLogitsThatWerePublished(SparkSession spark)
      throws IOException, SQLException {
    Path run = new Path(SmallRuns.first(spark).toString());
    String sql = RunProof.of(PublishedRun.open(run, new Configuration()), 117);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet rows = duck.createStatement().executeQuery(sql)) {
      int classes = 0;
      double spread = 0;
      while (rows.next()) {
        assertEquals(classes++, rows.getInt("class"));
        assertEquals(rows.getDouble("published"), rows.getDouble("recomputed"), TOLERANCE);
        spread = Math.max(spread, Math.abs(rows.getDouble("published")));
      }
      assertEquals(10, classes);
      assertEquals(true, spread > 1, "logits are told from nothing");
    }
  }
}
