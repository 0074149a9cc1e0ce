package io.sparkcam.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Where a picture or a page of a run goes: a local file outside the run's directory, which holds
 * nothing but what its manifest lists.
 */
record FileBeside(Path path) {
  /**
   * The file that was asked for, else one beside the run, or in the current directory when the run
   * is not on this machine.
   *
   * @param asked empty when none was
   * @param name of a file beside the run, after the run's own
   */
  static FileBeside of(
      String asked, org.apache.hadoop.fs.Path run, String name, Configuration configuration)
      throws IOException {
    FileSystem files = run.getFileSystem(configuration);
    boolean local = files.getUri().getScheme().equals("file");
    Path directory = Path.of(local ? run.toUri().getPath() : run.getName());
    Path path =
        asked.isEmpty() ? directory.resolveSibling(run.getName() + "-" + name) : Path.of(asked);
    Path absolute = path.toAbsolutePath().normalize();
    if (local && absolute.startsWith(directory.toAbsolutePath().normalize())) {
      throw new ImpossibleArgument(
          Commands.FILE + ": " + asked + " lies in the run, which holds only what was published");
    }
    if (Files.isDirectory(absolute)) {
      throw new IOException(path + ": is a directory, expected a file to write");
    }
    if (!Files.isDirectory(absolute.getParent())) {
      throw new IOException(path + ": there is no directory " + absolute.getParent());
    }
    return new FileBeside(path);
  }

  void write(byte[] content) throws IOException {
    Files.write(path, content);
  }
}
