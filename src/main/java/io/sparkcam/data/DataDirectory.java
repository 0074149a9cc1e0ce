package io.sparkcam.data;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** The plain files of one directory as they were when it was listed, sorted by name. */
public record DataDirectory(String location, List<ByteSource> files) {
  private static final Pattern HADOOP_URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");
  private static final int SHOWN = 10;

  public DataDirectory {
    files = files.stream().sorted(Comparator.comparing(ByteSource::name)).toList();
  }

  /**
   * Lists a directory.
   *
   * @param location a local path, or a URI of any file system that Hadoop reads, such as {@code
   *     hdfs://namenode/data}
   * @param configuration Spark's Hadoop configuration; used for URIs only
   */
  public static DataDirectory of(String location, Configuration configuration) throws IOException {
    if (location.isBlank()) {
      throw new IllegalArgumentException("the data directory has no name");
    }
    if (HADOOP_URI.matcher(location).matches()) {
      return new DataDirectory(
          location, HadoopFile.in(new org.apache.hadoop.fs.Path(location), configuration));
    }
    try {
      return of(Path.of(location));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(location + " is no directory name: " + e.getReason(), e);
    }
  }

  /**
   * A place that {@link #of(String, Configuration)} takes, as a path that every Hadoop reader
   * understands: local paths get their scheme.
   */
  public static org.apache.hadoop.fs.Path qualified(String location, Configuration configuration)
      throws IOException {
    org.apache.hadoop.fs.Path path =
        HADOOP_URI.matcher(location).matches()
            ? new org.apache.hadoop.fs.Path(location)
            : new org.apache.hadoop.fs.Path(
                "file", null, Path.of(location).toAbsolutePath().normalize().toString());
    return path.getFileSystem(configuration).makeQualified(path);
  }

  /** Lists a local directory. */
  public static DataDirectory of(Path directory) throws IOException {
    return new DataDirectory(directory.toString(), LocalFile.in(directory));
  }

  /** The file of that name, if it was there. */
  public Optional<ByteSource> find(String name) {
    return files.stream().filter(file -> file.name().equals(name)).findFirst();
  }

  /** The file of that name, plain or else compressed ({@code .gz}). */
  public ByteSource require(String name) throws IOException {
    return find(name)
        .or(() -> find(name + ".gz"))
        .orElseThrow(
            () -> new IOException(location + ": " + name + "[.gz] is missing; found " + listing()));
  }

  private String listing() {
    if (files.isEmpty()) {
      return "no files";
    }
    String shown =
        files.stream().limit(SHOWN).map(ByteSource::name).collect(Collectors.joining(", "));
    return files.size() > SHOWN ? shown + " and " + (files.size() - SHOWN) + " more" : shown;
  }
}
