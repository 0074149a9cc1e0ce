package io.sparkcam.testing;

import io.sparkcam.data.Part;
import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.ingest.BadRecords;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.IngestPlace;
import io.sparkcam.inputs.DataFormats;
import io.sparkcam.table.RowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Data sets as a run reads them, without a run. */
public final class Ingest {
  private final JavaSparkContext sc;
  private final Path directory;

  /**
   * @param directory of the test's own
   */
  public Ingest(SparkSession spark, Path directory) {
    this.sc = new JavaSparkContext(spark.sparkContext());
    this.directory = directory;
  }

  /** What is usual but for what is done with bad records. */
  public static DataOptions options(BadRecords badRecords, Part... wanted) {
    return new DataOptions(
        Set.of(wanted),
        "image",
        "label",
        DecodeSettings.DEFAULT,
        Optional.empty(),
        true,
        Optional.empty(),
        OptionalDouble.empty(),
        badRecords);
  }

  public ImageSource open(Path data, DataOptions options) throws IOException {
    return DataFormats.open(sc, data.toString(), options);
  }

  /** A new place for chunks and tables. */
  public IngestPlace place() throws IOException {
    org.apache.hadoop.fs.Path place =
        new org.apache.hadoop.fs.Path(Files.createTempDirectory(directory, "place").toUri());
    return new IngestPlace(
        place,
        place,
        RowsWriter::create,
        sc.broadcast(new SerializableConfiguration(sc.hadoopConfiguration())));
  }
}
