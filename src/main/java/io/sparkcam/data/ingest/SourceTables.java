package io.sparkcam.data.ingest;

import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.longColumn;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.Part;
import io.sparkcam.storage.ParquetFooter;
import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The tables of a run that say where each source went, each a directory of parts. */
public final class SourceTables {
  /** A row an image that is used. */
  static final String SOURCES = "sources";

  static final StructType SOURCES_SCHEMA =
      new StructType()
          .add("part", DataTypes.StringType, false)
          .add("id", DataTypes.LongType, false)
          .add("source", DataTypes.StringType, false)
          .add("label", DataTypes.IntegerType, true)
          .add("sha256", DataTypes.StringType, false);

  /** A row a record that is not. */
  static final String QUARANTINE = "quarantine";

  static final StructType QUARANTINE_SCHEMA =
      new StructType()
          .add("part", DataTypes.StringType, false)
          .add("source", DataTypes.StringType, false)
          .add("reason", DataTypes.StringType, false);

  private final Path run;
  private final List<String> files;
  private final Configuration configuration;

  private SourceTables(Path run, List<String> files, Configuration configuration) {
    this.run = run;
    this.files = files;
    this.configuration = configuration;
  }

  /** The name of a part of a table in its run: {@code sources/train-00003.parquet}. */
  static String name(String table, Part part, int partition) {
    return String.format(Locale.ROOT, "%s/%s-%05d.parquet", table, part.label(), partition);
  }

  /** The name of a file that a task attempt writes for it. */
  static String attempt(String table, Part part, int partition, long attempt) {
    return String.format(
        Locale.ROOT, "%s-%s-%05d-%d.parquet", table, part.label(), partition, attempt);
  }

  /** A row of the table of sources. */
  public record Entry(String source, int label, String sha256) {}

  /**
   * The table of sources of a published run, if it has one.
   *
   * @param files of the run, by name
   */
  public static Optional<SourceTables> of(
      Path run, List<String> files, Configuration configuration) {
    return files.stream()
        .filter(file -> file.startsWith(SOURCES + "/"))
        .findFirst()
        .map(file -> new SourceTables(run, ofTest(files), configuration));
  }

  /** The files of the rows of the test images, in the order of their ids. */
  public static List<String> ofTest(List<String> files) {
    return files.stream()
        .filter(file -> file.startsWith(SOURCES + "/" + Part.TEST.label() + "-"))
        .sorted()
        .toList();
  }

  /** The row of a test image, without Spark. */
  public Entry ofTest(long id) throws IOException {
    var asked = FilterCompat.get(eq(longColumn("id"), id));
    for (String file : files) {
      Path path = new Path(run, file);
      ParquetFooter.check(HadoopInputFile.fromPath(path, configuration), Storage.name(path));
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), path)
              .withConf(configuration)
              .withFilter(asked)
              .build()) {
        Group row = reader.read();
        if (row != null) {
          int label =
              row.getFieldRepetitionCount("label") == 0
                  ? ImageBlock.UNKNOWN
                  : row.getInteger("label", 0);
          return new Entry(row.getString("source", 0), label, row.getString("sha256", 0));
        }
      }
    }
    throw new IOException("%s/%s: no test image %s".formatted(Storage.name(run), SOURCES, id));
  }
}
