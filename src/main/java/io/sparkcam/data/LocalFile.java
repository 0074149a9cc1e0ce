package io.sparkcam.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A file on this machine. */
public record LocalFile(Path path) implements ByteSource {
  public LocalFile {
    if (path.getFileName() == null) {
      throw new IllegalArgumentException(path + " names no file");
    }
  }

  @Override
  public String name() {
    return path.getFileName().toString();
  }

  @Override
  public String address() {
    String absolute = path.toAbsolutePath().normalize().toString();
    return new org.apache.hadoop.fs.Path("file", null, absolute).toString();
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(path);
  }

  /** The plain files directly in a directory. */
  static List<ByteSource> in(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + ": no such directory");
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(Files::isRegularFile).<ByteSource>map(LocalFile::new).toList();
    }
  }
}
