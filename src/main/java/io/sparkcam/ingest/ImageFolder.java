package io.sparkcam.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.when;

import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.Part;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A directory with {@code train/CLASS/} and {@code test/CLASS/}, or, of images to explain alone,
 * with {@code CLASS/} or the images themselves, which then have no labels. Images are the files
 * named {@code .png}, {@code .jpg} or {@code .jpeg}, at any depth; names that begin with a dot or
 * an underscore are passed over, as Spark does.
 *
 * <p>Classes are the sorted names of the training directories, or the lines of {@code labels.txt}.
 */
final class ImageFolder implements RecordSource {
  /** Longer files are not read: no image of {@code ImageShape.MAX_SIDE} comes close. */
  private static final long MAX_BYTES = 256L << 20;

  private static final String IMAGES = "{*.[pP][nN][gG],*.[jJ][pP][gG],*.[jJ][pP][eE][gG]}";

  private final SparkSession spark;
  private final Path root;
  private final Map<Part, Path> directories;
  private final boolean labelled;
  private final ClassNames names;

  private ImageFolder(
      SparkSession spark,
      Path root,
      Map<Part, Path> directories,
      boolean labelled,
      ClassNames names) {
    this.spark = spark;
    this.root = root;
    this.directories = directories;
    this.labelled = labelled;
    this.names = names;
  }

  /**
   * The images in a directory, if there are any.
   *
   * @param root with its scheme
   */
  static Optional<ImageFolder> at(SparkSession spark, Path root, DataDirectory listing)
      throws IOException {
    FileSystem files = root.getFileSystem(spark.sparkContext().hadoopConfiguration());
    Map<Part, Path> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      Path directory = new Path(root, part.label());
      if (files.exists(directory) && holdsImages(files, directory)) {
        parts.put(part, directory);
      }
    }
    if (parts.isEmpty() && holdsImages(files, root)) {
      parts.put(Part.TEST, root);
    }
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    Path naming = parts.getOrDefault(Part.TRAIN, parts.get(Part.TEST));
    Set<String> directories = classDirectories(files, naming);
    Optional<ClassNames> written = ClassNames.in(listing);
    boolean labelled = !directories.isEmpty();
    if (!labelled && parts.containsKey(Part.TRAIN)) {
      throw new IOException(naming + ": no directories, expected one a class");
    }
    ClassNames names =
        written.isPresent()
            ? written.get()
            : labelled ? named(naming, directories) : ClassNames.digits(1);
    if (labelled) {
      for (Path directory : parts.values()) {
        requireKnown(directory, classDirectories(files, directory), names);
      }
    }
    return Optional.of(new ImageFolder(spark, root, parts, labelled, names));
  }

  private static ClassNames named(Path place, Set<String> directories) throws IOException {
    try {
      return new ClassNames(List.copyOf(directories));
    } catch (IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  private static void requireKnown(Path place, Set<String> found, ClassNames names)
      throws IOException {
    for (String name : found) {
      if (!names.names().contains(name)) {
        throw new IOException(
            "%s: directory %s is no class, expected %s"
                .formatted(place, name, String.join(", ", names.names())));
      }
    }
  }

  private static List<FileStatus> entries(FileSystem files, Path directory) throws IOException {
    List<FileStatus> entries = new ArrayList<>();
    for (FileStatus status : files.listStatus(directory)) {
      if (!status.getPath().getName().matches("[._].*")) {
        entries.add(status);
      }
    }
    return entries;
  }

  private static Set<String> classDirectories(FileSystem files, Path directory) throws IOException {
    Set<String> names = new TreeSet<>();
    for (FileStatus status : entries(files, directory)) {
      if (status.isDirectory()) {
        names.add(status.getPath().getName());
      }
    }
    return names;
  }

  /** Directly, or in a directory directly below. */
  private static boolean holdsImages(FileSystem files, Path directory) throws IOException {
    for (FileStatus status : entries(files, directory)) {
      if (isImage(status)) {
        return true;
      }
      if (status.isDirectory()) {
        for (FileStatus below : entries(files, status.getPath())) {
          if (isImage(below)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isImage(FileStatus status) {
    String name = status.getPath().getName().toLowerCase(Locale.ROOT);
    return status.isFile() && name.matches(".*\\.(png|jpe?g)");
  }

  @Override
  public Set<Part> parts() {
    return directories.keySet();
  }

  @Override
  public Dataset<Row> records(Part part) throws IOException {
    Path directory = directories.get(part);
    Dataset<Row> all =
        spark
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", "true")
            .option("pathGlobFilter", IMAGES)
            .option(RecordSource.PATHS_ARE_PATTERNS, "false")
            .load(directory.toString());
    // The source reads no content of files that a condition on the length excludes.
    Dataset<Row> fitting = all.where(col("length").leq(MAX_BYTES)).select("path", "content");
    Dataset<Row> unread =
        spark
            .createDataset(unreadFiles(directory), Encoders.STRING())
            .select(col("value").as("path"), lit(null).cast("binary").as("content"));
    Column word = regexp_extract(below(directory), "^([^/]+)/", 1);
    Column label = labelled ? when(word.notEqual(""), word) : lit(null).cast("string");
    return fitting
        .union(unread)
        .select(below(root).as("source"), label.as("label"), col("content"));
  }

  /**
   * Files too long to be read, and those of no bytes, which Spark passes over: bad records like any
   * other.
   *
   * <p>Not by {@code FileSystem.listFiles}: for the permissions that it brings along, Hadoop's
   * local file system starts a process a file.
   */
  private List<String> unreadFiles(Path directory) throws IOException {
    FileSystem files = root.getFileSystem(spark.sparkContext().hadoopConfiguration());
    List<String> unread = new ArrayList<>();
    Deque<Path> pending = new ArrayDeque<>(List.of(directory));
    while (!pending.isEmpty()) {
      for (FileStatus status : entries(files, pending.pop())) {
        if (status.isDirectory()) {
          pending.push(status.getPath());
        } else if (isImage(status) && (status.getLen() == 0 || status.getLen() > MAX_BYTES)) {
          unread.add(status.getPath().toString());
        }
      }
    }
    return unread;
  }

  /** The path of a file, relative to a directory. */
  private static Column below(Path directory) {
    return expr("substring(path, " + (directory.toString().length() + 2) + ")");
  }

  @Override
  public ImageForm form() {
    return ImageForm.encoded(DecodeSettings.DEFAULT);
  }

  @Override
  public Labels labels() {
    return labelled ? Labels.of(names.names()) : Labels.none();
  }

  @Override
  public ClassNames classNames() {
    return names;
  }
}
