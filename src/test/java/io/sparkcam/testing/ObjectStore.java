package io.sparkcam.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A local directory that behaves as an object store does: a file appears when it is closed, and a
 * rename copies file by file, then deletes, and can fail at any of them. {@code objects:///PATH}.
 */
public final class ObjectStore extends FileSystem {
  private static final URI ROOT = URI.create("objects:///");

  /** Fails where this says so, given what is done and the path that it is done to. */
  private static final AtomicReference<Predicate<String>> FAULT =
      new AtomicReference<>(what -> false);

  private final RawLocalFileSystem local = new RawLocalFileSystem();

  /** Makes the scheme known. */
  public static Configuration in(Configuration configuration) {
    configuration.set("fs.objects.impl", ObjectStore.class.getName());
    return configuration;
  }

  /** An address in the store. */
  public static String uri(java.nio.file.Path directory) {
    return "objects://" + directory.toAbsolutePath();
  }

  /**
   * Has operations fail from now on.
   *
   * @param fault given such as {@code copy /x/model.zip}, {@code create /x/y}: create, close, copy,
   *     delete, open, list, mkdirs
   */
  public static void failing(Predicate<String> fault) {
    FAULT.set(fault);
  }

  /** Has none fail any more. */
  public static void heal() {
    FAULT.set(what -> false);
  }

  private static void operate(String what, Path path) throws IOException {
    if (FAULT.get().test(what + " " + path.toUri().getPath())) {
      throw new IOException(what + " " + path.toUri().getPath() + ": the store does not answer");
    }
  }

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    local.initialize(URI.create("file:///"), configuration);
    setConf(configuration);
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return "objects";
  }

  private static Path local(Path path) {
    return new Path("file", null, path.toUri().getPath());
  }

  private static Path here(Path path) {
    return new Path("objects", "", path.toUri().getPath());
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    operate("open", path);
    return local.open(local(path), bufferSize);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    operate("create", path);
    if (!overwrite && exists(path)) {
      throw new FileAlreadyExistsException(path + " already exists");
    }
    return new FSDataOutputStream(new Upload(path), null);
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
    boolean overwrite = flags.contains(CreateFlag.OVERWRITE);
    return create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
  }

  /** What is written until it is closed. */
  private final class Upload extends ByteArrayOutputStream {
    private final Path path;
    private boolean closed;

    Upload(Path path) {
      this.path = path;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        operate("close", path);
        put(path, toByteArray());
      }
    }
  }

  private void put(Path path, byte[] bytes) throws IOException {
    java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("objects cannot be appended to");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    List<Path> objects = new ArrayList<>();
    if (getFileStatus(from).isFile()) {
      objects.add(from);
    } else {
      var files = listFiles(from, true);
      while (files.hasNext()) {
        objects.add(files.next().getPath());
      }
    }
    objects.sort(Comparator.naturalOrder());
    for (Path object : objects) {
      operate("copy", object);
      String below = object.toUri().getPath().substring(from.toUri().getPath().length());
      byte[] bytes = Files.readAllBytes(java.nio.file.Path.of(object.toUri().getPath()));
      put(new Path("objects", "", to.toUri().getPath() + below), bytes);
    }
    for (Path object : objects) {
      operate("delete", object);
      local.delete(local(object), false);
    }
    local.delete(local(from), true);
    return true;
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    operate("delete", path);
    return local.delete(local(path), recursive);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    operate("list", path);
    List<FileStatus> found = new ArrayList<>();
    for (FileStatus status : local.listStatus(local(path))) {
      found.add(here(status));
    }
    return found.toArray(FileStatus[]::new);
  }

  private static FileStatus here(FileStatus status) {
    return new FileStatus(
        status.getLen(),
        status.isDirectory(),
        1,
        status.getBlockSize(),
        status.getModificationTime(),
        here(status.getPath()));
  }

  @Override
  public void setWorkingDirectory(Path directory) {
    throw new UnsupportedOperationException("an object store has no working directory");
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path("objects", "", "/");
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    operate("mkdirs", path);
    return local.mkdirs(local(path), permission);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return here(local.getFileStatus(local(path)));
  }
}
