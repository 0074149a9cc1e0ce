package io.sparkcam.view;

import io.sparkcam.config.UsageException;
import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Where a picture or a page of a run goes: a local file outside the run's directory, which holds
 * nothing but what its manifest lists.
 */
public record OutputFile(Path path) {
  /**
   * The file that was asked for, else one beside the run, or in the current directory when the run
   * is not on this machine.
   *
   * @param asked empty when none was
   * @param name of a file beside the run, after the run's own
   */
  static OutputFile of(
      String asked, org.apache.hadoop.fs.Path run, String name, Configuration configuration)
      throws IOException {
    FileSystem files = run.getFileSystem(configuration);
    boolean local = files.getUri().getScheme().equals("file");
    Path directory = Path.of(local ? run.toUri().getPath() : run.getName());
    Path path =
        asked.isEmpty() ? directory.resolveSibling(run.getName() + "-" + name) : Path.of(asked);
    Path absolute = path.toAbsolutePath().normalize();
    if (local && absolute.startsWith(directory.toAbsolutePath().normalize())) {
      throw new UsageException(
          ViewOptions.FILE
              + ": "
              + asked
              + " lies inside the run, whose files must not change; choose another place");
    }
    if (Files.isDirectory(absolute)) {
      throw new IOException(path + ": is a directory, expected a file to write");
    }
    if (!Files.isDirectory(absolute.getParent())) {
      throw new IOException(path + ": there is no directory " + absolute.getParent());
    }
    return new OutputFile(path);
  }

  /**
   * The file that was asked for, else {@code index.html} in the directory of the runs.
   *
   * @throws IOException also where that is not on this machine, and no file was asked for
   */
  public static OutputFile index(
      String asked, org.apache.hadoop.fs.Path output, Configuration configuration)
      throws IOException {
    FileSystem files = output.getFileSystem(configuration);
    boolean local = files.getUri().getScheme().equals("file");
    if (!files.exists(output)) {
      throw new IOException(output + ": there is no such directory");
    }
    if (asked.isEmpty() && !local) {
      throw new UsageException(output + " is not on this machine: name a file by --file");
    }
    return new OutputFile(
        asked.isEmpty() ? Path.of(output.toUri().getPath(), "index.html") : Path.of(asked));
  }

  public void write(byte[] content) throws IOException {
    Storage.requireOwn(path);
    Files.write(
        path,
        content,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS);
  }
}
