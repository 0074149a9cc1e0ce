package io.sparkcam.sink;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The file systems that runs are kept in. */
final class Storage {
  private Storage() {}

  /**
   * The file system of a path. Local files come without Hadoop's hidden {@code .crc} companions:
   * every published file has its SHA-256 in the manifest.
   */
  static FileSystem of(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /** A path as people write it: a local one without its scheme. */
  static String name(Path path) {
    boolean local = path.toUri().getScheme() == null || path.toUri().getScheme().equals("file");
    return local ? path.toUri().getPath() : path.toString();
  }

  /** Creates a file, unless it is there already: of several callers at once one succeeds. */
  static boolean createExclusively(FileSystem files, Path file) throws IOException {
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
}
