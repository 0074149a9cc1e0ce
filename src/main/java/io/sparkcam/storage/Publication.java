package io.sparkcam.storage;

import java.util.Set;
import org.apache.hadoop.fs.FileSystem;

/** How a run gets its name whole or not at all: it depends on what the file system can do. */
public enum Publication {
  /** Built beside its name in a hidden directory, which is renamed at once. */
  RENAME,

  /**
   * Built under its name; a directory without its manifest, the last file to be written, is no run.
   * For object stores: they rename a directory file by file, copying each, but a file appears in
   * them whole or not at all.
   */
  MANIFEST;

  /**
   * Those known to rename a directory in one step. A store may have a scheme of its own, and what
   * is right for object stores is right, if slower, everywhere.
   */
  private static final Set<String> RENAMING =
      Set.of("file", "hdfs", "viewfs", "webhdfs", "swebhdfs");

  public static Publication on(FileSystem files) {
    return RENAMING.contains(files.getUri().getScheme()) ? RENAME : MANIFEST;
  }
}
