package io.sparkcam.job;

import io.sparkcam.report.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Where a picture of a run goes: a local file outside the run's directory, which holds nothing but
 * what its manifest lists.
 */
record PictureFile(Path path) {
  /**
   * The file that was asked for, else one beside the run, or in the current directory when the run
   * is not on this machine.
   *
   * @param asked empty when none was
   * @param subject what the picture shows, as a part of the file's name
   */
  static PictureFile of(
      String asked, org.apache.hadoop.fs.Path run, String subject, Configuration configuration)
      throws IOException {
    FileSystem files = run.getFileSystem(configuration);
    boolean local = files.getUri().getScheme().equals("file");
    Path directory = Path.of(local ? run.toUri().getPath() : run.getName());
    Path path =
        asked.isEmpty()
            ? directory.resolveSibling(run.getName() + "-" + subject + ".png")
            : Path.of(asked);
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
    return new PictureFile(path);
  }

  void write(Picture picture) throws IOException {
    Files.write(path, picture.png());
  }
}
