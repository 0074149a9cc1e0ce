package io.sparkcam.sink;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

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
}
