package io.sparkcam.job;

import io.sparkcam.config.Setting;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.run.Manifest;
import io.sparkcam.run.RunOrigin;
import io.sparkcam.table.TableEntry;
import io.sparkcam.view.picture.ImagePixels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The explanations of many runs as one table of a Spark catalog, their run ids in the column
 * {@value #RUN}. Where the table can overwrite by a filter, as Iceberg's can, a run is one commit,
 * which replaces what the table has of that run; else runs are appended, each once. The snapshots
 * of Iceberg say which run, model and data they are of.
 */
final class CatalogTable {
  private static final String RUN = "run_id";
  private static final String SNAPSHOT = "snapshot-property.sparkcam.";
  private static final String ICEBERG = "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.9.2";

  private final SparkSession spark;
  private final String name;
  private final TableCatalog catalog;
  private final Identifier identifier;

  private CatalogTable(SparkSession spark, String name, TableCatalog catalog, Identifier table) {
    this.spark = spark;
    this.name = name;
    this.catalog = catalog;
    this.identifier = table;
  }

  /**
   * Finds the catalog.
   *
   * @param name catalog.database.table
   */
  static CatalogTable of(JavaSparkContext sc, String name) throws IOException {
    SparkSession spark = SparkSession.builder().sparkContext(sc.sc()).getOrCreate();
    String[] parts = name.split("\\.", -1);
    Identifier table =
        Identifier.of(Arrays.copyOfRange(parts, 1, parts.length - 1), parts[parts.length - 1]);
    try {
      TableCatalog catalog = (TableCatalog) spark.sessionState().catalogManager().catalog(parts[0]);
      return new CatalogTable(spark, name, catalog, table);
    } catch (Exception e) { // Scala declares none of those it throws
      String configured = "spark.sql.catalog." + parts[0];
      throw new IOException(
          spark.conf().contains(configured)
              ? "%s %s: %s is %s, which Spark cannot load; for Iceberg: --packages %s"
                  .formatted(
                      Setting.TABLE.flag(), name, configured, spark.conf().get(configured), ICEBERG)
              : "%s %s: no catalog %s: expected --conf %s=..., for Iceberg"
                      .formatted(Setting.TABLE.flag(), name, parts[0], configured)
                  + " org.apache.iceberg.spark.SparkCatalog and --packages "
                  + ICEBERG,
          e);
    }
  }

  /**
   * Writes a published run.
   *
   * @param images its images, for a column of PNG files
   */
  void write(Path run, Optional<JavaRDD<ImageBlock>> images) throws IOException {
    Manifest manifest = Manifest.read(run, spark.sparkContext().hadoopConfiguration());
    TableEntry entry = manifest.explanations().orElseThrow();
    Dataset<Row> rows =
        spark
            .read()
            .parquet(new Path(run, entry.name()).toString())
            .select(functions.lit(manifest.runId()).as(RUN), functions.col("*"));
    if (images.isPresent()) {
      rows = rows.join(png(images.get()), "id").select(RUN, names(rows)).sort("id");
    }
    try {
      commit(rows, manifest);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // Scala declares none of those it throws
      throw failure(run, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
    long written = spark.table(name).where(functions.col(RUN).equalTo(manifest.runId())).count();
    if (written != entry.rows()) {
      throw failure(run, "%s rows, expected %s".formatted(written, entry.rows()), null);
    }
  }

  private IOException failure(Path run, String what, Exception cause) {
    return new IOException(
        "%s %s: %s (the run itself is published: %s)"
            .formatted(Setting.TABLE.flag(), name, what, run),
        cause);
  }

  private static String[] names(Dataset<Row> rows) {
    List<String> names = new ArrayList<>(List.of(rows.columns()));
    names.remove(RUN);
    names.add("image");
    return names.toArray(new String[0]);
  }

  private Dataset<Row> png(JavaRDD<ImageBlock> images) {
    return spark.createDataFrame(
        images.flatMap(
            block -> {
              List<Row> rows = new ArrayList<>();
              int size = block.shape().size();
              for (int i = 0; i < block.count(); i++) {
                byte[] pixels = Arrays.copyOfRange(block.pixels(), i * size, (i + 1) * size);
                ImagePixels image =
                    new ImagePixels(
                        block.shape().height(),
                        block.shape().width(),
                        block.shape().channels(),
                        pixels);
                rows.add(RowFactory.create(block.ids()[i], image.png()));
              }
              return rows.iterator();
            }),
        new StructType()
            .add("id", DataTypes.LongType, false)
            .add("image", DataTypes.BinaryType, false));
  }

  private void commit(Dataset<Row> rows, Manifest manifest) throws Exception {
    boolean exists = true;
    boolean replaces = false;
    try {
      replaces =
          catalog
              .loadTable(identifier)
              .capabilities()
              .contains(TableCapability.OVERWRITE_BY_FILTER);
    } catch (NoSuchTableException e) {
      exists = false;
    }
    var ofRun = functions.col(RUN).equalTo(manifest.runId());
    if (replaces) {
      rows.writeTo(name).options(properties(manifest)).overwrite(ofRun);
    } else if (!exists && !catalog.name().equals("spark_catalog")) {
      rows.writeTo(name).options(properties(manifest)).create();
    } else if (exists && !spark.table(name).where(ofRun).isEmpty()) {
      throw new IOException(
          "%s %s: it has run %s already, and is no table whose runs can be replaced"
              .formatted(Setting.TABLE.flag(), name, manifest.runId()));
    } else {
      rows.write().mode(SaveMode.Append).saveAsTable(name);
    }
  }

  private static Map<String, String> properties(Manifest manifest) {
    Map<String, String> properties = new HashMap<>();
    properties.put(SNAPSHOT + "run-id", manifest.runId());
    properties.put(SNAPSHOT + "model-sha256", manifest.origin().modelSha256());
    for (RunOrigin.Input input : manifest.origin().inputs()) {
      properties.put(SNAPSHOT + "data-sha256." + input.name(), input.sha256());
    }
    return properties;
  }
}
