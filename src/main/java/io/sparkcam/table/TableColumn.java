package io.sparkcam.table;

import io.sparkcam.explain.ExplanationBatch;
import java.util.Arrays;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/**
 * All about one column of the table: name, types, shape, meaning, how its values are taken from
 * explanations, and which values are possible. Writing, reading, verifying and the descriptions in
 * footers and manifest follow from it.
 */
public final class TableColumn {
  /** One whole number of a row. */
  @FunctionalInterface
  interface LongValue {
    long of(ExplanationBatch batch, int row);
  }

  /** One whole number of a row, or {@link ExplanationBatch#NONE} in a nullable column. */
  @FunctionalInterface
  interface IntValue {
    int of(ExplanationBatch batch, int row);
  }

  /** One number of a row, or {@link ExplanationBatch#NONE} in a nullable column. */
  @FunctionalInterface
  interface FloatValue {
    float of(ExplanationBatch batch, int row);
  }

  /** The arrays of all rows, one after the other. */
  @FunctionalInterface
  interface FloatArrays {
    float[] of(ExplanationBatch batch);
  }

  /** Different whole numbers of a row from 0 on, ascending: as many as there are. */
  @FunctionalInterface
  interface IntLists {
    int[] of(ExplanationBatch batch, int row);
  }

  /** The arrays of whole numbers of all rows, one after the other. */
  @FunctionalInterface
  interface IntArrays {
    int[] of(ExplanationBatch batch);
  }

  /** Takes {@code count} rows of the batch from {@code row} on into the page. */
  @FunctionalInterface
  private interface Source {
    void copy(ExplanationBatch batch, int row, int count, PageBuffer page);
  }

  /** Takes one row. */
  @FunctionalInterface
  private interface RowSource {
    void copy(ExplanationBatch batch, int row, PageBuffer page);
  }

  private final String name;
  private final DataType type;
  private final PrimitiveTypeName primitive;
  private final int length;
  private final Source source;
  private final MetadataBuilder metadata = new MetadataBuilder();
  private boolean nullable;
  private boolean ofAnyLength;
  private boolean bounded;
  private int least;
  private int most;

  private TableColumn(
      String name,
      DataType type,
      PrimitiveTypeName primitive,
      int length,
      String comment,
      Source source) {
    this.name = name;
    this.type = type;
    this.primitive = primitive;
    this.length = length;
    this.source = source;
    metadata.putString("comment", comment);
  }

  private static TableColumn scalar(
      String name, DataType type, PrimitiveTypeName primitive, String comment, RowSource value) {
    return new TableColumn(
        name,
        type,
        primitive,
        1,
        comment,
        (batch, first, count, page) -> {
          for (int row = first; row < first + count; row++) {
            value.copy(batch, row, page);
          }
        });
  }

  static TableColumn longs(String name, String comment, LongValue value) {
    return scalar(
        name,
        DataTypes.LongType,
        PrimitiveTypeName.INT64,
        comment,
        (batch, row, page) -> page.put(value.of(batch, row)));
  }

  static TableColumn ints(String name, String comment, IntValue value) {
    return scalar(
        name,
        DataTypes.IntegerType,
        PrimitiveTypeName.INT32,
        comment,
        (batch, row, page) -> page.put(value.of(batch, row)));
  }

  static TableColumn floats(String name, String comment, FloatValue value) {
    return scalar(
        name,
        DataTypes.FloatType,
        PrimitiveTypeName.FLOAT,
        comment,
        (batch, row, page) -> page.put(value.of(batch, row)));
  }

  /**
   * Arrays of one fixed shape, row-major.
   *
   * @param layout names of the axes, slowest first
   */
  static TableColumn tensors(
      String name, String layout, String comment, FloatArrays values, int... shape) {
    int length = 1;
    long[] sizes = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      sizes[i] = shape[i];
      length = Math.multiplyExact(length, shape[i]);
    }
    int size = length;
    TableColumn column =
        new TableColumn(
            name,
            DataTypes.createArrayType(DataTypes.FloatType, false),
            PrimitiveTypeName.FLOAT,
            size,
            comment,
            (batch, row, count, page) -> page.put(values.of(batch), row * size, count));
    column.metadata.putLongArray("shape", sizes).putString("layout", layout);
    return column;
  }

  /**
   * Lists of different numbers, ascending.
   *
   * @param most how many there may be: they are below it
   */
  static TableColumn lists(String name, String comment, IntLists values, int most) {
    TableColumn column =
        intArrays(
            name,
            most,
            comment,
            (batch, first, count, page) -> {
              for (int row = first; row < first + count; row++) {
                page.putList(values.of(batch, row));
              }
            });
    column.ofAnyLength = true;
    return column;
  }

  /** Arrays of whole numbers. */
  static TableColumn indices(
      String name, String layout, String comment, IntArrays values, int size) {
    TableColumn column =
        intArrays(
            name,
            size,
            comment,
            (batch, row, count, page) -> page.put(values.of(batch), row * size, count));
    column.metadata.putLongArray("shape", new long[] {size}).putString("layout", layout);
    return column;
  }

  private static TableColumn intArrays(String name, int length, String comment, Source source) {
    return new TableColumn(
        name,
        DataTypes.createArrayType(DataTypes.IntegerType, false),
        PrimitiveTypeName.INT32,
        length,
        comment,
        source);
  }

  /** {@link ExplanationBatch#NONE} stands for null. */
  TableColumn orNull() {
    nullable = true;
    return this;
  }

  /** What the values are measured in. */
  TableColumn in(String unit) {
    metadata.putString("unit", unit);
    return this;
  }

  /** The least and the greatest of the values that are possible. */
  TableColumn within(int from, int to) {
    bounded = true;
    least = from;
    most = to;
    return this;
  }

  public String name() {
    return name;
  }

  boolean nullable() {
    return nullable;
  }

  boolean repeated() {
    return type instanceof ArrayType;
  }

  /** Values in a row, at most. */
  int length() {
    return length;
  }

  int bytesPerRow() {
    return (primitive == PrimitiveTypeName.INT64 ? Long.BYTES : Float.BYTES) * length;
  }

  StructField field() {
    return new StructField(name, type, nullable, metadata.build());
  }

  /** As Spark lays the type out in Parquet. */
  Type parquetType() {
    if (repeated()) {
      Type element = Types.required(primitive).named("element");
      return Types.requiredGroup()
          .as(LogicalTypeAnnotation.listType())
          .addField(Types.repeatedGroup().addField(element).named("list"))
          .named(name);
    }
    return (nullable ? Types.optional(primitive) : Types.required(primitive)).named(name);
  }

  void copy(ExplanationBatch batch, int row, int count, PageBuffer page) {
    source.copy(batch, row, count, page);
  }

  /** What is wrong with a row's value in this column by itself; empty if nothing is. */
  public String wrong(RowReader row) {
    if (ofAnyLength) {
      float[] found = row.floats(name);
      boolean ascends = true;
      for (int i = 0; i < found.length; i++) {
        ascends &= found[i] < length && found[i] > (i == 0 ? -1 : found[i - 1]);
      }
      return ascends
          ? ""
          : "%s %s, expected 0 to %s, ascending"
              .formatted(name, Arrays.toString(found), length - 1);
    }
    if (repeated()) {
      int found = row.floats(name).length;
      return found == length ? "" : name + " of " + found + " values, expected " + length;
    }
    if (!bounded || (nullable && row.isNull(name))) {
      return "";
    }
    Number found = type == DataTypes.IntegerType ? row.integer(name) : (Number) row.real(name);
    return found.doubleValue() >= least && found.doubleValue() <= most
        ? ""
        : "%s %s, expected %s to %s".formatted(name, found, least, most);
  }
}
