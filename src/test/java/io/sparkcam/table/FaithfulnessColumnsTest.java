package io.sparkcam.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.aggregate.Aggregates;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.OptionalColumns;
import io.sparkcam.run.Manifest;
import io.sparkcam.run.PartFiles;
import io.sparkcam.run.RunDirectory;
import io.sparkcam.run.SampleRun;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.verify.RunVerifier;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns that a table has if the faithfulness of its maps was measured. */
@SharedSpark
class FaithfulnessColumnsTest {
  private static final int ROWS = 40;
  private static final float BASE = 0.25f;
  private static final float NULL = ExplanationBatch.NONE;

  private final ExplanationSchema schema =
      ExplanationSchema.of(
          SampleRun.SHAPE,
          Set.of(
              OptionalColumns.FEATURES,
              OptionalColumns.CAM,
              OptionalColumns.FAITHFULNESS,
              OptionalColumns.SHAPLEY));

  @TempDir Path output;

  private Path publish(Consumer<ExplanationBatch> tampering) throws IOException {
    ExplanationBatch rows = new SampleExplanations(SampleRun.SHAPE).batch(0, ROWS);
    for (int row = 0; row < ROWS; row++) {
      rows.peaks()[row * 2] = row % 7;
      rows.peaks()[row * 2 + 1] = row % 9;
      for (int map = 0; map < 3; map++) {
        boolean sampled = row % 4 == 1 || row > 30;
        int place = row * 3 + map;
        rows.maskedProbabilities()[place] = place / 128f;
        rows.insertionAreas()[place] = sampled ? place / 256f : NULL;
        rows.deletionAreas()[place] = sampled ? 1 - place / 256f : NULL;
        rows.roadAreas()[place] = sampled ? place / 512f : NULL;
      }
      rows.shapley()[row * SampleRun.SHAPE.cells() + 1] = rows.probability()[row] - BASE;
      rows.sufficientCells()[row] = row % 4;
      rows.decidingCells()[row] = row % 4 == 0 ? ExplanationBatch.NONE : row % 4;
    }
    tampering.accept(rows);
    try (RunDirectory run =
        RunDirectory.begin(output.toString(), "sample", SampleRun.CONFIGURATION)) {
      var file = PartFiles.in(run.attempts()).file(0, 1);
      List<PartFile> parts;
      try (var writer = ExplanationWriter.create(file, schema, SampleRun.CONFIGURATION)) {
        writer.write(rows);
        parts = run.adopt(List.of(writer.finish()));
      }
      run.write(Aggregates.BIASES, FaithfulnessColumnsTest::biases);
      run.publish(
          new Manifest(
              Manifest.FORMAT,
              "sample",
              "2026-01-31T12:00:00Z",
              SampleRun.ORIGIN,
              Map.of(),
              List.of(TableEntry.explanations(schema, parts)),
              run.files()),
          (staged, manifest) -> {});
    }
    return output.resolve("sample");
  }

  private static void biases(OutputStream out) throws IOException {
    StructType columns =
        new StructType()
            .add("class", "int", false)
            .add("bias", "float", false)
            .add("base_probability", "float", false);
    try (RowsWriter writer = RowsWriter.of(columns, out)) {
      for (int c = 0; c < SampleRun.SHAPE.classes(); c++) {
        writer.write(c, 0f, BASE);
      }
    }
  }

  private static List<String> failures(SparkSession spark, Path run) throws IOException {
    return new RunVerifier(
            org.apache.spark.api.java.JavaSparkContext.fromSparkContext(spark.sparkContext()))
        .verify(new org.apache.hadoop.fs.Path(run.toString())).results().stream()
            .flatMap(result -> result.failures().stream())
            .toList();
  }

  @Test
  void theyComeAfterAllOthers() {
    String[] names = schema.struct().fieldNames();
    int others = ExplanationSchema.of(SampleRun.SHAPE).struct().size();
    assertEquals(
        List.of(
            "peak_x",
            "peak_y",
            "masked_probability",
            "masked_probability_random",
            "masked_probability_centred",
            "insertion_auc",
            "deletion_auc",
            "road_auc",
            "insertion_auc_random",
            "deletion_auc_random",
            "road_auc_random",
            "insertion_auc_centred",
            "deletion_auc_centred",
            "road_auc_centred",
            "shapley",
            "sufficient_count",
            "sufficient_cells",
            "deciding_count",
            "deciding_cells"),
        List.of(names).subList(others, names.length));
    assertEquals(
        new SparkToParquetSchemaConverter(new SQLConf()).convert(schema.struct()),
        schema.message());
  }

  @Test
  void sparkAndDuckDbReadThem(SparkSession spark) throws Exception {
    Path run = publish(rows -> {});
    assertEquals(List.of(), failures(spark, run));
    String expressions =
        "count(*), count(insertion_auc), sum(masked_probability_centred), sum(peak_x),"
            + " min(insertion_auc), max(deletion_auc_random), sum(insertion_auc + deletion_auc)";
    Row row =
        spark
            .read()
            .parquet(run.resolve("explanations").toString())
            .selectExpr(Arrays.stream(expressions.split(", ", -1)).toArray(String[]::new))
            .first();
    // Every fourth of rows 0 to 30, and the 9 after them: rows 1 to 29, and 31 to 39.
    assertEquals(ROWS, row.getLong(0));
    assertEquals(17, row.getLong(1));
    assertEquals((3 * 39 * 20 + 2 * 40) / 128.0, row.getDouble(2));
    assertEquals(3 / 256f, row.getFloat(4));
    assertEquals(1 - 4 / 256f, row.getFloat(5));
    assertEquals(17, row.getDouble(6));
    try (var duck = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duck.createStatement();
        var read =
            statement.executeQuery(
                "select " + expressions + " from '" + run + "/explanations/*.parquet'")) {
      assertTrue(read.next());
      for (int i = 0; i < row.size(); i++) {
        assertEquals(((Number) row.get(i)).doubleValue(), read.getDouble(i + 1), "expression " + i);
      }
    }
  }

  @Test
  void wrongValuesAreFound(SparkSession spark) throws IOException {
    Path run =
        publish(
            rows -> {
              rows.peaks()[2 * 2] = 7;
              rows.maskedProbabilities()[3 * 3 + 1] = Float.NaN;
              rows.insertionAreas()[4 * 3 + 2] = 0.5f;
              rows.deletionAreas()[5 * 3 + 1] = 1.5f;
              rows.deletionAreas()[9 * 3] = NULL;
              rows.shapley()[11 * SampleRun.SHAPE.cells()] = 0.5f;
              rows.sufficientCells()[12] = 1 << SampleRun.SHAPE.cells();
              rows.decidingCells()[13] = 0;
            });
    List<String> failures = failures(spark, run);
    assertEquals(
        List.of(
            "id 2: peak_x 7, expected 0 to 6",
            "id 3: masked_probability_random NaN, expected 0 to 1",
            "id 5: deletion_auc_random 1.5, expected 0 to 1",
            "id 12: sufficient_cells %s, expected 0 to %s"
                .formatted(1 << SampleRun.SHAPE.cells(), (1 << SampleRun.SHAPE.cells()) - 1),
            "id 13: deciding_count 0, expected 1 to " + SampleRun.SHAPE.cells(),
            "id 4: insertion_auc_centred 0.5, expected null",
            "id 9: deletion_auc null, expected 0 to 1"),
        failures.subList(0, 7));
    assertEquals(8, failures.size());
    assertTrue(failures.get(7).startsWith("id 11: shapley with sum "), failures.get(7));
  }
}
