package io.sparkcam.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file on any file system that Hadoop reads: HDFS, an object store, a mounted disk. */
public final class HadoopFile implements ByteSource {
  private final Path path;
  private final Configuration configuration;

  /**
   * @param configuration Spark's own, so that the job's file system settings hold
   */
  public HadoopFile(Path path, Configuration configuration) {
    this.path = path;
    this.configuration = configuration;
  }

  @Override
  public String name() {
    return path.getName();
  }

  @Override
  public String address() {
    return path.toString();
  }

  @Override
  public InputStream open() throws IOException {
    return path.getFileSystem(configuration).open(path);
  }

  /** The plain files directly in a directory. */
  static List<ByteSource> in(Path directory, Configuration configuration) throws IOException {
    FileSystem files = directory.getFileSystem(configuration);
    List<ByteSource> found = new ArrayList<>();
    try {
      if (!files.getFileStatus(directory).isDirectory()) {
        throw new FileNotFoundException();
      }
      for (FileStatus status : files.listStatus(directory)) {
        if (status.isFile()) {
          found.add(new HadoopFile(status.getPath(), configuration));
        }
      }
    } catch (FileNotFoundException e) {
      throw new IOException(directory + ": no such directory", e);
    }
    return found;
  }
}
