package io.sparkcam.aggregate;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Aggregates equally long arrays of floats into a struct of two such arrays, {@code mean} and
 * {@code variance}, element by element. Null without arrays.
 */
final class MapMoments extends Aggregator<float[], ArraySums, Row> {
  private static final long serialVersionUID = 1L;
  private static final ArrayType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);
  private static final StructType MOMENTS =
      new StructType().add("mean", FLOATS, false).add("variance", FLOATS, false);

  private MapMoments() {}

  static Column of(SparkSession spark, Column arrays) {
    return functions.udaf(new MapMoments(), spark.implicits().newFloatArrayEncoder()).apply(arrays);
  }

  @Override
  public ArraySums zero() {
    return new ArraySums();
  }

  @Override
  public ArraySums reduce(ArraySums sums, float[] values) {
    sums.add(values);
    return sums;
  }

  @Override
  public ArraySums merge(ArraySums sums, ArraySums others) {
    sums.add(others);
    return sums;
  }

  @Override
  public Row finish(ArraySums sums) {
    return sums.count() == 0 ? null : RowFactory.create(sums.means(), sums.variances());
  }

  @Override
  public Encoder<ArraySums> bufferEncoder() {
    return Encoders.javaSerialization(ArraySums.class);
  }

  @Override
  public Encoder<Row> outputEncoder() {
    return Encoders.row(MOMENTS);
  }
}
