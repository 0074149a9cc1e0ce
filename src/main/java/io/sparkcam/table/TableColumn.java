package io.sparkcam.table;

import java.util.function.Function;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/** One column of the table: its types, its description, and where a batch holds its values. */
public abstract sealed class TableColumn {
  private final String name;
  private final DataType type;
  private final boolean nullable;
  private final int valueBytes;
  private final MetadataBuilder metadata = new MetadataBuilder();

  private TableColumn(
      String name, DataType type, boolean nullable, int valueBytes, String comment) {
    this.name = name;
    this.type = type;
    this.nullable = nullable;
    this.valueBytes = valueBytes;
    metadata.putString("comment", comment);
  }

  static TableColumn ids(String name, String comment, Function<ExplanationBatch, long[]> values) {
    return new Longs(name, comment, values);
  }

  static TableColumn ints(String name, String comment, Function<ExplanationBatch, int[]> values) {
    return ints(name, comment, 1, 0, values);
  }

  /** Rows of {@code stride} numbers, of which this column is the one at {@code offset}. */
  static TableColumn ints(
      String name,
      String comment,
      int stride,
      int offset,
      Function<ExplanationBatch, int[]> values) {
    return new Ints(name, false, stride, offset, comment, values);
  }

  /** Rows of {@code stride} numbers, of which this column is the one at {@code offset}. */
  static TableColumn nullableInts(
      String name,
      int stride,
      int offset,
      String comment,
      Function<ExplanationBatch, int[]> values) {
    return new Ints(name, true, stride, offset, comment, values);
  }

  static TableColumn floats(
      String name, String comment, Function<ExplanationBatch, float[]> values) {
    return floats(name, comment, 1, 0, values);
  }

  /** Rows of {@code stride} numbers, of which this column is the one at {@code offset}. */
  static TableColumn floats(
      String name,
      String comment,
      int stride,
      int offset,
      Function<ExplanationBatch, float[]> values) {
    return new Floats(name, false, stride, offset, comment, values);
  }

  /** Rows of {@code stride} numbers, of which this column is the one at {@code offset}. */
  static TableColumn nullableFloats(
      String name,
      String comment,
      int stride,
      int offset,
      Function<ExplanationBatch, float[]> values) {
    return new Floats(name, true, stride, offset, comment, values);
  }

  /** Arrays of one fixed shape, row-major. */
  static TableColumn tensors(
      String name,
      String layout,
      String comment,
      Function<ExplanationBatch, float[]> values,
      int... shape) {
    int length = 1;
    long[] sizes = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      sizes[i] = shape[i];
      length = Math.multiplyExact(length, shape[i]);
    }
    TableColumn column = new FloatArrays(name, length, comment, values);
    column.metadata.putLongArray("shape", sizes).putString("layout", layout);
    return column;
  }

  /** What the values are measured in. */
  TableColumn in(String unit) {
    metadata.putString("unit", unit);
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

  /** Values in a row. */
  int length() {
    return 1;
  }

  int bytesPerRow() {
    return valueBytes * length();
  }

  StructField field() {
    return new StructField(name, type, nullable, metadata.build());
  }

  /** As Spark lays the type out in Parquet. */
  Type parquetType() {
    if (repeated()) {
      Type element = Types.required(PrimitiveTypeName.FLOAT).named("element");
      return Types.requiredGroup()
          .as(LogicalTypeAnnotation.listType())
          .addField(Types.repeatedGroup().addField(element).named("list"))
          .named(name);
    }
    return (nullable ? Types.optional(primitive()) : Types.required(primitive())).named(name);
  }

  abstract PrimitiveTypeName primitive();

  /** Takes {@code count} rows of the batch from {@code row} on into the page. */
  abstract void copy(ExplanationBatch batch, int row, int count, PageBuffer page);

  private static final class Longs extends TableColumn {
    private final Function<ExplanationBatch, long[]> values;

    Longs(String name, String comment, Function<ExplanationBatch, long[]> values) {
      super(name, DataTypes.LongType, false, Long.BYTES, comment);
      this.values = values;
    }

    @Override
    PrimitiveTypeName primitive() {
      return PrimitiveTypeName.INT64;
    }

    @Override
    void copy(ExplanationBatch batch, int row, int count, PageBuffer page) {
      long[] longs = values.apply(batch);
      for (int i = row; i < row + count; i++) {
        page.put(longs[i]);
      }
    }
  }

  private static final class Ints extends TableColumn {
    private final int stride;
    private final int offset;
    private final Function<ExplanationBatch, int[]> values;

    Ints(
        String name,
        boolean nullable,
        int stride,
        int offset,
        String comment,
        Function<ExplanationBatch, int[]> values) {
      super(name, DataTypes.IntegerType, nullable, Integer.BYTES, comment);
      this.stride = stride;
      this.offset = offset;
      this.values = values;
    }

    @Override
    PrimitiveTypeName primitive() {
      return PrimitiveTypeName.INT32;
    }

    @Override
    void copy(ExplanationBatch batch, int row, int count, PageBuffer page) {
      int[] ints = values.apply(batch);
      for (int i = row; i < row + count; i++) {
        int value = ints[i * stride + offset];
        if (nullable() && value == ExplanationBatch.NONE) {
          page.putNull();
        } else {
          page.put(value);
        }
      }
    }
  }

  private static final class Floats extends TableColumn {
    private final int stride;
    private final int offset;
    private final Function<ExplanationBatch, float[]> values;

    Floats(
        String name,
        boolean nullable,
        int stride,
        int offset,
        String comment,
        Function<ExplanationBatch, float[]> values) {
      super(name, DataTypes.FloatType, nullable, Float.BYTES, comment);
      this.stride = stride;
      this.offset = offset;
      this.values = values;
    }

    @Override
    PrimitiveTypeName primitive() {
      return PrimitiveTypeName.FLOAT;
    }

    @Override
    void copy(ExplanationBatch batch, int row, int count, PageBuffer page) {
      float[] floats = values.apply(batch);
      for (int i = row; i < row + count; i++) {
        int place = i * stride + offset;
        if (nullable() && floats[place] == ExplanationBatch.NONE) {
          page.putNull();
        } else {
          page.put(floats, place, 1);
        }
      }
    }
  }

  private static final class FloatArrays extends TableColumn {
    private final int length;
    private final Function<ExplanationBatch, float[]> values;

    FloatArrays(
        String name, int length, String comment, Function<ExplanationBatch, float[]> values) {
      super(
          name, DataTypes.createArrayType(DataTypes.FloatType, false), false, Float.BYTES, comment);
      this.length = length;
      this.values = values;
    }

    @Override
    int length() {
      return length;
    }

    @Override
    PrimitiveTypeName primitive() {
      return PrimitiveTypeName.FLOAT;
    }

    @Override
    void copy(ExplanationBatch batch, int row, int count, PageBuffer page) {
      page.put(values.apply(batch), row * length, count);
    }
  }
}
