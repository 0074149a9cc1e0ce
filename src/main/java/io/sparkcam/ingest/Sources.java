package io.sparkcam.ingest;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.longColumn;

import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.Part;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table of a run that says where each of its images comes from. */
final class Sources {
  static final String FILE = "sources.parquet";
  static final StructType SCHEMA =
      new StructType()
          .add("part", DataTypes.StringType, false)
          .add("id", DataTypes.LongType, false)
          .add("source", DataTypes.StringType, false)
          .add("label", DataTypes.IntegerType, true)
          .add("sha256", DataTypes.StringType, false);

  private Sources() {}

  /** A row of the table. */
  record Entry(String source, int label, String sha256) {}

  /** The row of a test image, without Spark. */
  static Entry ofTest(Path run, long id, Configuration configuration) throws IOException {
    Path file = new Path(run, FILE);
    var asked =
        and(
            eq(binaryColumn("part"), Binary.fromString(Part.TEST.label())),
            eq(longColumn("id"), id));
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file)
            .withConf(configuration)
            .withFilter(FilterCompat.get(asked))
            .build()) {
      Group row = reader.read();
      if (row == null) {
        throw new IOException(file + ": no test image " + id);
      }
      int label =
          row.getFieldRepetitionCount("label") == 0
              ? ImageBlock.UNKNOWN
              : row.getInteger("label", 0);
      return new Entry(row.getString("source", 0), label, row.getString("sha256", 0));
    }
  }
}
