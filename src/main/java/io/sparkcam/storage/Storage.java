package io.sparkcam.storage;

import com.sun.security.auth.module.UnixSystem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The file systems that runs are kept in. */
public final class Storage {
  private static final Pattern URI_START = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

  private static final String SPARK_HADOOP = "spark.hadoop.";

  private Storage() {}

  /**
   * What Spark would hand over where there is none: Hadoop's own settings, and those among
   * spark-submit's.
   */
  public static Configuration configuration() {
    Configuration hadoop = new Configuration();
    for (String key : System.getProperties().stringPropertyNames()) {
      if (key.startsWith(SPARK_HADOOP)) {
        hadoop.set(key.substring(SPARK_HADOOP.length()), System.getProperty(key));
      }
    }
    return hadoop;
  }

  /**
   * The file system of a path. Local files come without Hadoop's hidden {@code .crc} companions:
   * every published file has its SHA-256 in the manifest.
   */
  public static FileSystem of(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /**
   * The path that somebody wrote: a URI, or a file whatever letters are in its name. Hadoop takes
   * what is before a first colon for a scheme.
   */
  public static Path path(String name) {
    boolean relative = !URI_START.matcher(name).lookingAt() && !name.startsWith("/");
    return new Path(relative && name.contains(":") ? "./" + name : name);
  }

  /** A path as people write it: a local one without its scheme. */
  public static String name(Path path) {
    boolean local = path.toUri().getScheme() == null || path.toUri().getScheme().equals("file");
    return local ? path.toUri().getPath() : path.toString();
  }

  /**
   * Refuses a name that somebody else may have planted: on a local disk, a symbolic link, or what
   * belongs to another user. Where nothing has the name, nothing is wrong.
   *
   * @throws IOException naming the file and what it is
   */
  public static void requireOwn(FileSystem files, Path path) throws IOException {
    if (files instanceof RawLocalFileSystem local) {
      requireOwn(local.pathToFile(path).toPath());
    }
  }

  /** The same of a local file. */
  public static void requireOwn(java.nio.file.Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isSymbolicLink(path)) {
      throw new IOException(
          "%s: is a symbolic link to %s, expected a file or directory of this user; remove the link"
              .formatted(path, Files.readSymbolicLink(path)));
    }
    long user = new UnixSystem().getUid();
    Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (((Number) owner).longValue() != user) {
      throw new IOException(
          "%s: belongs to %s, expected a file or directory of this user"
              .formatted(path, Files.getOwner(path, LinkOption.NOFOLLOW_LINKS)));
    }
  }

  /**
   * What a file or directory holds.
   *
   * @param bytes of all files in it; links are not followed
   * @param modified when one of them was last, in milliseconds since 1970; 0 if nothing is there
   */
  public record Extent(long bytes, long modified) {}

  /** How much lies below a path, and how old it is. What is removed meanwhile does not count. */
  public static Extent extent(FileSystem files, Path path) throws IOException {
    long bytes = 0;
    long modified = 0;
    try {
      if (files instanceof RawLocalFileSystem local) {
        try (var tree = Files.walk(local.pathToFile(path).toPath())) {
          for (java.nio.file.Path each : tree.toList()) {
            var attributes =
                Files.readAttributes(each, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            bytes += attributes.isRegularFile() ? attributes.size() : 0;
            modified = Math.max(modified, attributes.lastModifiedTime().toMillis());
          }
        }
      } else {
        modified = files.getFileStatus(path).getModificationTime();
        var inside = files.listFiles(path, true);
        while (inside.hasNext()) {
          FileStatus file = inside.next();
          bytes += file.getLen();
          modified = Math.max(modified, file.getModificationTime());
        }
      }
    } catch (FileNotFoundException | NoSuchFileException | UncheckedIOException e) {
      // A run that ends removes what it has left; object stores have no directories to miss.
    }
    return new Extent(bytes, modified);
  }

  /** Creates a file, unless it is there already: of several callers at once one succeeds. */
  public static boolean createExclusively(FileSystem files, Path file) throws IOException {
    try {
      if (files instanceof RawLocalFileSystem local) {
        // Hadoop looks first and creates later.
        Files.createFile(local.pathToFile(file).toPath());
      } else {
        files.createFile(file).overwrite(false).build().close();
      }
      return true;
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Creates a file that is not there yet, in a directory that is: nobody is to bring back what was
   * removed.
   */
  public static OutputStream create(FileSystem files, Path file) throws IOException {
    return new NamedOutput(files.createFile(file).overwrite(false).build(), file);
  }

  /**
   * Writes a file that appears whole or not at all and outlives a crash of the machine; replaces
   * one of the name.
   */
  public static void writeWhole(FileSystem files, Path file, byte[] bytes) throws IOException {
    boolean renames = Publication.on(files) == Publication.RENAME;
    // In an object store a file appears when it is closed.
    Path written = renames ? new Path(file.getParent(), "." + file.getName() + ".tmp") : file;
    try (NamedOutput out = new NamedOutput(files.create(written, true), file)) {
      out.write(bytes);
      if (renames) {
        out.sync();
      }
    }
    if (renames) {
      // Not every file system renames to a name that is taken.
      if (!files.rename(written, file)
          && !(files.delete(file, false) && files.rename(written, file))) {
        throw new IOException(name(written) + ": cannot be renamed to " + file.getName());
      }
      syncName(files, file);
    }
  }

  /** Has all that is under a directory outlive a crash of the machine, on a local disk. */
  public static void syncTree(FileSystem files, Path directory) throws IOException {
    if (files instanceof RawLocalFileSystem local) {
      try (var tree = Files.walk(local.pathToFile(directory).toPath())) {
        for (java.nio.file.Path path : tree.toList()) {
          sync(path);
        }
      }
    }
  }

  /**
   * Has a name outlive a crash of the machine: on a local disk it is safe when its directory is.
   */
  public static void syncName(FileSystem files, Path path) throws IOException {
    if (files instanceof RawLocalFileSystem local) {
      sync(local.pathToFile(path.getParent()).toPath());
    }
  }

  private static void sync(java.nio.file.Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
