package io.sparkcam.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * A Parquet file, or a directory with {@code train*.parquet} and {@code test*.parquet} or with such
 * files in {@code train/} and {@code test/}. Files of other names are the images to explain where
 * there is no part of that name.
 *
 * <p>Names as labels give the classes in their sorted order; numbers are classes, named by {@code
 * labels.txt} or by themselves.
 */
final class ImageTable implements RecordSource {
  private static final int MOST_CLASSES = 256;

  private final SparkSession spark;
  private final Path root;
  private final Map<Part, List<Path>> files;
  private final TableOptions options;
  private final Column content;
  private final ImageForm form;
  private final Labels labels;
  private final ClassNames names;

  private ImageTable(
      SparkSession spark,
      Path root,
      Map<Part, List<Path>> files,
      TableOptions options,
      Optional<ClassNames> written)
      throws IOException {
    this.spark = spark;
    this.root = root;
    this.files = files;
    this.options = options;
    StructType schema = read(naming()).schema();
    DataType type = typeOf(schema, options.imageColumn());
    Column column = col(quoted(options.imageColumn()));
    if (type instanceof StructType struct && Arrays.asList(struct.fieldNames()).contains("bytes")) {
      content = column.getField("bytes");
      form = form(struct.apply("bytes").dataType());
    } else {
      content = column;
      form = form(type);
    }
    if (!Arrays.asList(schema.fieldNames()).contains(options.labelColumn())
        && !files.containsKey(Part.TRAIN)) {
      labels = Labels.none();
      names = ClassNames.digits(1);
      return;
    }
    DataType labelType = typeOf(schema, options.labelColumn());
    if (labelType instanceof StringType) {
      names = written.isPresent() ? written.get() : distinctNames();
      labels = Labels.of(names.names());
    } else if (labelType instanceof IntegralType) {
      names = written.isPresent() ? written.get() : ClassNames.digits(greatestLabel() + 1);
      labels = Labels.numbered(names.count());
    } else {
      throw new IOException(
          "%s: column %s is %s, expected numbers or names"
              .formatted(root, options.labelColumn(), labelType.simpleString()));
    }
  }

  /** The table at a place, if there is one. */
  static Optional<ImageTable> at(SparkSession spark, Path root, TableOptions options)
      throws IOException {
    FileSystem system = root.getFileSystem(spark.sparkContext().hadoopConfiguration());
    Map<Part, List<Path>> files = new EnumMap<>(Part.class);
    if (!system.exists(root)) {
      return Optional.empty();
    }
    if (system.getFileStatus(root).isFile()) {
      files.put(Part.TEST, List.of(root));
      return Optional.of(new ImageTable(spark, root.getParent(), files, options, Optional.empty()));
    }
    List<Path> here = tables(system, root);
    for (Part part : Part.values()) {
      List<Path> found =
          new ArrayList<>(
              here.stream().filter(file -> file.getName().startsWith(part.label())).toList());
      Path below = new Path(root, part.label());
      if (system.exists(below) && system.getFileStatus(below).isDirectory()) {
        found.addAll(tables(system, below));
      }
      if (!found.isEmpty()) {
        files.put(part, found);
      }
    }
    if (files.isEmpty() && !here.isEmpty()) {
      files.put(Part.TEST, here);
    }
    if (files.isEmpty()) {
      return Optional.empty();
    }
    Optional<ClassNames> written =
        ClassNames.in(
            DataDirectory.of(root.toString(), spark.sparkContext().hadoopConfiguration()));
    return Optional.of(new ImageTable(spark, root, files, options, written));
  }

  private static List<Path> tables(FileSystem system, Path directory) throws IOException {
    return Arrays.stream(system.listStatus(directory))
        .filter(FileStatus::isFile)
        .map(FileStatus::getPath)
        .filter(path -> path.getName().matches("[^._].*\\.parquet"))
        .sorted()
        .toList();
  }

  /** The part that says which classes there are. */
  private Part naming() {
    return files.containsKey(Part.TRAIN) ? Part.TRAIN : Part.TEST;
  }

  private DataType typeOf(StructType schema, String column) throws IOException {
    if (!Arrays.asList(schema.fieldNames()).contains(column)) {
      throw new IOException(
          "%s: no column %s, found %s"
              .formatted(root, column, String.join(", ", schema.fieldNames())));
    }
    return schema.apply(column).dataType();
  }

  private ImageForm form(DataType type) throws IOException {
    if (type instanceof BinaryType) {
      return ImageForm.encoded(DecodeSettings.DEFAULT);
    }
    if (type instanceof ArrayType array) {
      DataType element = array.elementType();
      if (element instanceof IntegralType
          || element instanceof FloatType
          || element instanceof DoubleType) {
        return options.arrays();
      }
    }
    throw new IOException(
        "%s: column %s is %s, expected encoded images (binary, or a struct with bytes) or arrays of numbers"
            .formatted(root, options.imageColumn(), type.simpleString()));
  }

  private Dataset<Row> read(Part part) {
    return spark
        .read()
        .option(PATHS_ARE_PATTERNS, "false")
        .parquet(files.get(part).stream().map(Path::toString).toArray(String[]::new));
  }

  private Dataset<String> words(Part part) {
    return read(part).select(label().as("label")).where("label is not null").as(Encoders.STRING());
  }

  private Column label() {
    return col(quoted(options.labelColumn())).cast("string");
  }

  private ClassNames distinctNames() throws IOException {
    List<String> found =
        new ArrayList<>(words(naming()).distinct().limit(MOST_CLASSES + 1).collectAsList());
    found.sort(null);
    try {
      return new ClassNames(found);
    } catch (IllegalArgumentException e) {
      throw new IOException(place() + ": " + e.getMessage(), e);
    }
  }

  private int greatestLabel() throws IOException {
    Row greatest = words(naming()).selectExpr("max(cast(label as bigint))").first();
    if (greatest.isNullAt(0) || greatest.getLong(0) < 0 || greatest.getLong(0) >= MOST_CLASSES) {
      throw new IOException(
          place()
              + ": greatest label "
              + greatest.get(0)
              + ", expected 0 to "
              + (MOST_CLASSES - 1));
    }
    return (int) greatest.getLong(0);
  }

  private String place() {
    return root + ", column " + options.labelColumn();
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  @Override
  public Set<Part> parts() {
    return files.keySet();
  }

  @Override
  public Dataset<Row> records(Part part) {
    Column file = expr("substring(_metadata.file_path, " + (root.toString().length() + 2) + ")");
    return read(part)
        .select(
            concat(file, lit("#"), col("_metadata.row_index")).as("source"),
            (labels.labelled() ? label() : lit(null).cast("string")).as("label"),
            content.as("content"));
  }

  @Override
  public ImageForm form() {
    return form;
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public ClassNames classNames() {
    return names;
  }
}
