package io.sparkcam.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The file systems that runs are kept in. */
public final class Storage {
  private Storage() {}

  /**
   * The file system of a path. Local files come without Hadoop's hidden {@code .crc} companions:
   * every published file has its SHA-256 in the manifest.
   */
  public static FileSystem of(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /** A path as people write it: a local one without its scheme. */
  public static String name(Path path) {
    boolean local = path.toUri().getScheme() == null || path.toUri().getScheme().equals("file");
    return local ? path.toUri().getPath() : path.toString();
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
    FSDataOutputStream stream = files.create(written, true);
    try (OutputStream out = new NamedOutput(stream, file)) {
      out.write(bytes);
      out.flush();
      if (renames) {
        stream.hsync();
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
