package io.sparkcam.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.explain.ExplanationShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ExplanationSchemaTest {
  private final ExplanationSchema schema = ExplanationSchema.of(SampleExplanations.LAB);

  @Test
  void columnsAreThoseOfTheContract() {
    assertEquals(
        "id BIGINT NOT NULL,label INT,predicted INT NOT NULL,probability FLOAT NOT NULL,"
            + "probabilities ARRAY<FLOAT> NOT NULL,logits ARRAY<FLOAT> NOT NULL,"
            + "features ARRAY<FLOAT> NOT NULL,cam_low ARRAY<FLOAT> NOT NULL,"
            + "cam ARRAY<FLOAT> NOT NULL,cam_min FLOAT NOT NULL,cam_max FLOAT NOT NULL,"
            + "box_x0 INT,box_y0 INT,box_x1 INT,box_y1 INT,audit_error FLOAT NOT NULL",
        schema.struct().toDDL().replaceAll(" COMMENT '[^']*'", ""));
  }

  @Test
  void everyColumnIsInTheReadme() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (TableColumn column : schema.columns()) {
      assertTrue(readme.contains("`" + column.name() + "`"), column.name());
    }
  }

  @Test
  void parquetTypesAreThoseThatSparkWrites() {
    assertEquals(
        new SparkToParquetSchemaConverter(new SQLConf()).convert(schema.struct()),
        schema.message());
  }

  @Test
  void arraysCarryTheirShapeLayoutAndUnit() {
    Metadata features = schema.struct().apply("features").metadata();
    assertArrayEquals(new long[] {3, 3, 128}, features.getLongArray("shape"));
    assertEquals("y,x,k", features.getString("layout"));
    assertEquals("activation", features.getString("unit"));
    Metadata maps = schema.struct().apply("cam_low").metadata();
    assertArrayEquals(new long[] {10, 3, 3}, maps.getLongArray("shape"));
    assertEquals("class,y,x", maps.getString("layout"));
    assertEquals("logit", maps.getString("unit"));
    for (StructField field : schema.struct().fields()) {
      assertFalse(field.getComment().isEmpty(), field.name());
    }
  }

  @Test
  void boxesSayThatTheirEndIsOutside() {
    assertEquals(
        "first column to the right of the box, null without a box",
        schema.struct().apply("box_x1").getComment().get());
    assertEquals("pixel", schema.struct().apply("box_x1").metadata().getString("unit"));
  }

  @Test
  void footerHoldsTheSchemaAsSparkReadsIt() {
    assertEquals(
        List.of("org.apache.spark.version", "org.apache.spark.sql.parquet.row.metadata"),
        List.copyOf(schema.footer().keySet()));
    assertEquals(
        schema.struct(),
        StructType.fromJson(schema.footer().get("org.apache.spark.sql.parquet.row.metadata")));
  }

  @Test
  void impossibleSizesAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> new ExplanationShape(28, 28, 3, 0, 128, 10));
    assertEquals(
        "table of features (3, 0, 128), expected sizes of at least 1 and at most 16777216 values",
        refused.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new ExplanationShape(65536, 65536, 3, 3, 8, 2));
  }
}
