package io.sparkcam.faults;

import java.io.IOException;
import java.util.EnumSet;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system, of which a test learns before something is done to a file. */
abstract class WatchedFiles extends RawLocalFileSystem {
  /**
   * Comes before {@code create}, {@code delete} and whatever else a test asks for.
   *
   * @throws IOException for the operation to fail
   */
  abstract void before(String operation, Path path) throws IOException;

  /** What is given to whoever creates a file. */
  abstract FSDataOutputStream watched(FSDataOutputStream out, Path path) throws IOException;

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    before("create", path);
    return watched(
        super.create(path, overwrite, bufferSize, replication, blockSize, progress), path);
  }

  @Override
  public FSDataOutputStream createNonRecursive(
      Path path,
      FsPermission permission,
      EnumSet<CreateFlag> flags,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    before("create", path);
    return watched(
        super.createNonRecursive(
            path, permission, flags, bufferSize, replication, blockSize, progress),
        path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    before("delete", path);
    return super.delete(path, recursive);
  }
}
