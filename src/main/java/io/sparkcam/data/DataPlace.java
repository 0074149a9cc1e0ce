package io.sparkcam.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A directory of a data set: on the local disk, or a URI of any file system that Hadoop reads.
 * Files in it are named by strings with slashes. Local ones are read through {@code java.nio}:
 * Hadoop's paths take no colon, and its local file system starts processes.
 */
public final class DataPlace implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern HADOOP_URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");
  private static final Pattern HIDDEN =
      Pattern.compile(
          "\\..*|_SUCCESS|_temporary|_metadata|_common_metadata|_(committed|started)_.*"
              + "|Thumbs\\.db|desktop\\.ini|__MACOSX|@eaDir|\\$RECYCLE\\.BIN|lost\\+found",
          Pattern.CASE_INSENSITIVE);

  private final String location;
  private final boolean local;

  private DataPlace(String location, boolean local) {
    this.location = location;
    this.local = local;
  }

  /** The place of that name: a path of this machine, or a URI. */
  public static DataPlace of(String location) {
    if (location.isBlank()) {
      throw new IllegalArgumentException("the data directory has no name");
    }
    boolean uri = HADOOP_URI.matcher(location).matches();
    if (uri && !location.startsWith("file:")) {
      return new DataPlace(withoutSlash(location), false);
    }
    try {
      java.nio.file.Path path =
          uri
              ? java.nio.file.Path.of(new Path(location).toUri().getPath())
              : java.nio.file.Path.of(location);
      return new DataPlace(path.toAbsolutePath().normalize().toString(), true);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(location + " is no directory name: " + e.getReason(), e);
    }
  }

  private static String withoutSlash(String uri) {
    return uri.replaceFirst("(?<=[^/:])/+$", "");
  }

  /**
   * What a directory holds.
   *
   * @param name without its directory
   * @param bytes of a file, in 0 of a directory
   */
  public record Entry(String name, boolean directory, long bytes) {}

  /** Whether it is on a disk of this machine. */
  public boolean local() {
    return local;
  }

  /** The file or directory of that name; the place itself for an empty one. */
  public String resolve(String name) {
    return name.isEmpty() ? location : location.equals("/") ? "/" + name : location + "/" + name;
  }

  /** The directory above, and the name in it. */
  public DataPlace parent() {
    return new DataPlace(location.substring(0, Math.max(1, location.lastIndexOf('/'))), local);
  }

  /** The last part of its name. */
  public String name() {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** A name in a directory of this place. */
  public static String join(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  /** Whether a file or directory is of the system's, of Spark's, or begins with a dot. */
  public static boolean hidden(String name) {
    return HIDDEN.matcher(name).matches();
  }

  /** What is there under a name, if anything. */
  public Optional<Entry> find(String name, Configuration configuration) throws IOException {
    String own = name.substring(name.lastIndexOf('/') + 1);
    try {
      if (local) {
        java.nio.file.Path path = path(name);
        return Files.exists(path) ? Optional.of(entry(own, path)) : Optional.empty();
      }
      Path path = hadoopPath(name);
      return Optional.of(entry(own, path.getFileSystem(configuration).getFileStatus(path)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** What is in a directory, sorted by name, but for what is {@link #hidden}. */
  public List<Entry> list(String directory, Configuration configuration) throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (local) {
      if (!Files.isDirectory(path(directory))) {
        throw new IOException(resolve(directory) + ": no such directory");
      }
      try (Stream<java.nio.file.Path> paths = Files.list(path(directory))) {
        for (java.nio.file.Path path : (Iterable<java.nio.file.Path>) paths::iterator) {
          String name = path.getFileName().toString();
          if (!hidden(name)) {
            // A link that leads nowhere is a file that cannot be read.
            entries.add(Files.exists(path) ? entry(name, path) : new Entry(name, false, 0));
          }
        }
      }
    } else {
      Path path = hadoopPath(directory);
      try {
        for (FileStatus status : path.getFileSystem(configuration).listStatus(path)) {
          String name = status.getPath().getName();
          if (!hidden(name)) {
            entries.add(entry(name, status));
          }
        }
      } catch (FileNotFoundException e) {
        throw new IOException(resolve(directory) + ": no such directory", e);
      }
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  /** Pipes and devices may never end. */
  private static Entry entry(String name, java.nio.file.Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (attributes.isOther()) {
      throw new IOException(path + ": is a pipe or a device, expected a file or directory");
    }
    return new Entry(name, attributes.isDirectory(), attributes.size());
  }

  private static Entry entry(String name, FileStatus status) {
    return new Entry(name, status.isDirectory(), status.getLen());
  }

  /** A new stream from a file's first byte; the caller closes it. */
  public InputStream open(String name, Configuration configuration) throws IOException {
    if (local) {
      java.nio.file.Path path = path(name);
      if (Files.exists(path)) {
        entry(name, path);
      }
      return Files.newInputStream(path);
    }
    Path path = hadoopPath(name);
    return path.getFileSystem(configuration).open(path);
  }

  /** A file as something that can be opened by name. */
  public ByteSource file(String name, Configuration configuration) {
    return new ByteSource() {
      @Override
      public String name() {
        return name.substring(name.lastIndexOf('/') + 1);
      }

      @Override
      public String address() {
        try {
          return hadoopPath(name).toString();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public InputStream open() throws IOException {
        return DataPlace.this.open(name, configuration);
      }
    };
  }

  private java.nio.file.Path path(String name) {
    return java.nio.file.Path.of(resolve(name));
  }

  /** A file as Hadoop names it, whatever letters are in its name. */
  public Path hadoopPath(String name) throws IOException {
    try {
      if (local) {
        return new Path(new URI("file", null, resolve(name), null, null));
      }
      URI root = new Path(location).toUri();
      String directory = root.getPath().isEmpty() ? "/" : root.getPath();
      return new Path(
          new URI(
              root.getScheme(),
              root.getAuthority(),
              name.isEmpty() ? directory : (directory.equals("/") ? "" : directory) + "/" + name,
              null,
              null));
    } catch (URISyntaxException e) {
      throw new IOException(resolve(name) + ": " + e.getReason(), e);
    }
  }

  @Override
  public String toString() {
    return location;
  }
}
