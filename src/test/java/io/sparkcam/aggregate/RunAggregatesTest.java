package io.sparkcam.aggregate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.job.SmallRuns;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** What is read without Spark is what Spark reads. */
@SharedSpark
class RunAggregatesTest {
  @Test
  void everyRowIsReadAsSparkReadsIt(SparkSession spark) throws IOException {
    Path run = new Path(SmallRuns.first(spark).toString());
    RunAggregates read = RunAggregates.read(run, new Configuration());

    List<Row> classes = rows(spark, run, Aggregates.CLASSES);
    assertEquals(classes.size(), read.classes().size());
    for (int i = 0; i < classes.size(); i++) {
      Row row = classes.get(i);
      RunAggregates.OfClass part = read.classes().get(i);
      assertEquals(row.<Integer>getAs("predicted"), part.predicted());
      assertEquals(row.<Long>getAs("images"), part.images());
      assertEquals(row.<Long>getAs("hits"), part.hits());
      assertArrayEquals(floats(row, "cam_mean"), part.camMean());
      assertArrayEquals(floats(row, "cam_variance"), part.camVariance());
    }

    List<Row> pairs = rows(spark, run, Aggregates.PAIRS);
    assertEquals(pairs.size(), read.pairs().size());
    for (int i = 0; i < pairs.size(); i++) {
      Row row = pairs.get(i);
      RunAggregates.OfPair part = read.pairs().get(i);
      assertEquals(row.<Integer>getAs("label"), part.label());
      assertEquals(row.<Integer>getAs("predicted"), part.predicted());
      assertEquals(row.<Long>getAs("images"), part.images());
      assertArrayEquals(floats(row, "cam_mean"), part.camMean());
    }

    assertEquals(
        rows(spark, run, Aggregates.QUANTILES).stream()
            .map(row -> new RunAggregates.Quantile(row.getDouble(0), row.getFloat(1)))
            .toList(),
        read.quantiles());
  }

  private static List<Row> rows(SparkSession spark, Path run, String name) {
    return spark.read().parquet(run + "/" + name).collectAsList();
  }

  private static float[] floats(Row row, String column) {
    List<Float> values = row.getList(row.fieldIndex(column));
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
