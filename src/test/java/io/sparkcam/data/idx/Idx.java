package io.sparkcam.data.idx;

import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ingest.StoredPart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;

/** IDX files for tests: the extract of Fashion-MNIST, and small ones made in memory. */
public final class Idx {
  public static final Path EXTRACT = extract();
  private static final Configuration HADOOP = new Configuration();

  private Idx() {}

  /** Stores a pair. */
  public static StoredPart store(
      ByteSource images, ByteSource labels, int classes, long limit, Path directory)
      throws IOException {
    return IdxChunks.read(
        images,
        Optional.of(labels),
        IdxChunks.Form.of(classes),
        limit,
        new org.apache.hadoop.fs.Path("file", null, directory.toString()),
        UUID.randomUUID().toString(),
        HADOOP);
  }

  /** All images of a stored part. */
  public static ImageBlock read(StoredPart stored) throws IOException {
    try (ChunkReader reader = new ChunkReader(stored.index(), HADOOP)) {
      return reader.read(0, (int) stored.count());
    }
  }

  /** A file in memory. */
  public static ByteSource bytes(String name, byte[] content) {
    return source(name, () -> new ByteArrayInputStream(content));
  }

  public static ByteSource source(String name, Supplier<InputStream> content) {
    return new ByteSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public InputStream open() {
        return content.get();
      }

      /** Of a file that is made when it is asked for. */
      @Override
      public String address() {
        try {
          Path file = Files.createTempFile("idx", null);
          file.toFile().deleteOnExit();
          Files.copy(content.get(), file, StandardCopyOption.REPLACE_EXISTING);
          return file(file).address();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** A file on this machine. */
  public static ByteSource file(Path path) {
    return DataPlace.of(path.toString()).parent().file(path.getFileName().toString(), HADOOP);
  }

  public static ByteSource extract(String name) {
    return file(EXTRACT.resolve(name));
  }

  /** What {@code count} images of random pixels look like as IDX. */
  public static byte[] images(int count, int height, int width) {
    byte[] pixels = new byte[count * height * width];
    new Random(1).nextBytes(pixels);
    return ByteBuffer.allocate(16 + pixels.length)
        .putInt(0x00000803)
        .putInt(count)
        .putInt(height)
        .putInt(width)
        .put(pixels)
        .array();
  }

  public static byte[] labels(int... labels) {
    ByteBuffer file =
        ByteBuffer.allocate(8 + labels.length).putInt(0x00000801).putInt(labels.length);
    for (int label : labels) {
      file.put((byte) label);
    }
    return file.array();
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The first ten bytes of a gzip member. */
  public static byte[] gzipHeader(int flags) {
    return new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags, 0, 0, 0, 0, 0, (byte) 255};
  }

  /** The content of a gzip file according to the JDK. */
  public static byte[] gunzip(ByteSource source) throws IOException {
    try (InputStream in = new GZIPInputStream(source.open())) {
      return in.readAllBytes();
    }
  }

  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  public static byte[] with(byte[] content, int place, int value) {
    byte[] changed = content.clone();
    changed[place] = (byte) value;
    return changed;
  }

  private static Path extract() {
    try {
      return Path.of(Idx.class.getResource("/fashion-mnist-extract").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
