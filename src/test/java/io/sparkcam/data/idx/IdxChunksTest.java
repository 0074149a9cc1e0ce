package io.sparkcam.data.idx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.Labels;
import io.sparkcam.data.ingest.StoredPart;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxChunksTest {
  private static final byte[] IMAGES = Idx.images(3, 2, 5);
  private static final byte[] LABELS = Idx.labels(9, 0, 4);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordsAreOfTheSizeTheChannelsAndTheClassesThatAreAskedFor(boolean gzip) throws IOException {
    byte[] images =
        Idx.concat(
            Arrays.copyOf(Idx.images(2, 2, 2), 16),
            new byte[] {10, 20, 30, 40},
            new byte[] {(byte) 200, (byte) 200, (byte) 200, (byte) 200});
    byte[] labels = Idx.labels(0, 1);
    DecodeSettings decode =
        new DecodeSettings(
            new DecodeSettings.Resize(
                1, 1, DecodeSettings.Resize.Mode.CROP, DecodeSettings.Resize.Filter.BILINEAR),
            DecodeSettings.Channels.RGB,
            DecodeSettings.DROP_ALPHA,
            0,
            null,
            DecodeSettings.ArrayLayout.EVIDENT,
            0);
    ClassNames own = new ClassNames(List.of("cat", "dog"));
    ClassNames known = new ClassNames(List.of("ape", "dog", "cat"));
    Labels byName = Labels.ofNumbers(own, true, Optional.of(known), Set.of("0", "1"), "here");

    StoredPart stored =
        IdxChunks.read(
            Idx.bytes("i", gzip ? Idx.gzip(images) : images),
            Optional.of(Idx.bytes("l", labels)),
            new IdxChunks.Form(3, byName, decode),
            ImageSource.ALL,
            new org.apache.hadoop.fs.Path("file", null, directory.toString()),
            "a",
            new Configuration());

    ImageBlock block = Idx.read(stored);
    assertEquals(new ImageShape(1, 1, 3), block.shape());
    // Pillow 9.4: Image.fromarray(a).resize((1, 1), Image.BILINEAR) gives 25 and 200
    assertArrayEquals(new byte[] {25, 25, 25, (byte) 200, (byte) 200, (byte) 200}, block.pixels());
    assertArrayEquals(new int[] {2, 1}, block.labels());
    assertEquals(List.of(0L, 1L, 1L), stored.labelCounts());
    assertEquals(1, stored.constant());
    assertTrue(stored.sorted());
  }

  @Test
  void theFourthDimensionIsTheChannels() throws IOException {
    byte[] header = ByteBuffer.allocate(20).putInt(0x804).putInt(1).putInt(1).putInt(2).array();
    byte[] three = Idx.with(header, 19, 3);
    ByteSource images = Idx.bytes("i", Idx.concat(three, new byte[] {1, 2, 3, 4, 5, 6}));

    ImageBlock block = Idx.read(store(images, Idx.bytes("l", Idx.labels(0))));

    assertEquals(new ImageShape(1, 2, 3), block.shape());
    assertArrayEquals(new byte[] {1, 4, 2, 5, 3, 6}, block.pixels());
    ByteSource four = Idx.bytes("i", Idx.concat(Idx.with(header, 19, 4), new byte[8]));
    assertEquals(
        "i: images of 4 channels, the last of four dimensions; expected 1 or 3",
        assertThrows(IOException.class, () -> store(four, Idx.bytes("l", Idx.labels(0))))
            .getMessage());
  }

  @Test
  void extractIsUnpackedAsItIs() throws IOException {
    ByteSource images = Idx.extract("train-images-idx3-ubyte.gz");
    ByteSource labels = Idx.extract("train-labels-idx1-ubyte.gz");

    StoredPart stored = store(images, labels);

    // sha256sum src/test/resources/fashion-mnist-extract/train-*.gz
    assertEquals(
        new StoredPart.SourceFile(
            "train-images-idx3-ubyte.gz",
            "d80bbcc313615bc3086716da622c74873ba0f1d88863f54c93a4f6ca928ad4b1"),
        stored.images());
    assertEquals(
        new StoredPart.SourceFile(
            "train-labels-idx1-ubyte.gz",
            "bfa7114fa5aee846139395690e03036042d630f4a34f670f9caee94b1dbf61d1"),
        stored.labels());
    assertEquals(600, stored.count());
    assertEquals(600, stored.sourceCount());
    assertEquals(0, stored.bad());
    assertEquals(new ImageShape(28, 28, 1), stored.index().shape());
    assertEquals(10, stored.index().classes());
    ImageBlock block = Idx.read(stored);
    byte[] pixels = Idx.gunzip(images);
    assertArrayEquals(Arrays.copyOfRange(pixels, 16, pixels.length), block.pixels());
    byte[] classes = Idx.gunzip(labels);
    assertArrayEquals(
        IntStream.range(8, classes.length).map(i -> classes[i]).toArray(), block.labels());
  }

  @Test
  void compressionIsToldByContentAndChangesNothing() throws IOException {
    ImageBlock plain = Idx.read(store(Idx.bytes("i.gz", IMAGES), Idx.bytes("l.gz", LABELS)));
    ImageBlock compressed =
        Idx.read(store(Idx.bytes("i", Idx.gzip(IMAGES)), Idx.bytes("l", Idx.gzip(LABELS))));

    assertArrayEquals(Arrays.copyOfRange(IMAGES, 16, IMAGES.length), plain.pixels());
    assertArrayEquals(plain.pixels(), compressed.pixels());
    assertArrayEquals(new int[] {9, 0, 4}, plain.labels());
    assertArrayEquals(plain.labels(), compressed.labels());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void limitKeepsTheFirstImages(long limit) throws IOException {
    StoredPart whole = store(Idx.bytes("i", IMAGES), Idx.bytes("l", LABELS));
    byte[] all = Idx.read(whole).pixels();

    StoredPart stored = store(Idx.bytes("i", IMAGES), Idx.bytes("l", LABELS), limit);

    int kept = (int) Math.min(limit, 3);
    assertEquals(kept, stored.count());
    assertEquals(3, stored.sourceCount());
    assertEquals(whole.images(), stored.images());
    assertArrayEquals(Arrays.copyOf(all, kept * 10), Idx.read(stored).pixels());
  }

  @Test
  void limitDoesNotSpareTheRestFromChecks() {
    ByteSource cut = Idx.bytes("i", Arrays.copyOf(IMAGES, IMAGES.length - 1));
    ByteSource wrongLabel = Idx.bytes("l", Idx.labels(9, 0, 10));

    assertRefused(
        cut,
        Idx.bytes("l", LABELS),
        1,
        "i: ends at byte 45, in image 2 (of 3, from 0), expected 46 bytes");
    assertRefused(Idx.bytes("i", IMAGES), wrongLabel, 1, "l: label 10 of image 2, expected 0 to 9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0  | 1    | i: magic 0x01000803 at byte 0, expected 0x00000803",
        "1  | 1    | i: magic 0x00010803 at byte 0, expected 0x00000803",
        "2  | 0x0d | i: magic 0x00000d03 at byte 0, expected 0x00000803",
        "3  | 1    | i: magic 0x00000801 at byte 0, expected 0x00000803",
        "4  | 0x7f | l: 3 labels, expected 2130706435 as in i",
        "4  | 0x80 | i: image count 2147483651 at byte 4, expected 1 to 2147483647",
        "5  | 1    | l: 3 labels, expected 65539 as in i",
        "6  | 1    | l: 3 labels, expected 259 as in i",
        "7  | 0    | i: image count 0 at byte 4, expected 1 to 2147483647",
        "7  | 2    | l: 3 labels, expected 2 as in i",
        "8  | 0x80 | i: height 2147483650 at byte 8, expected 1 to 4096",
        "9  | 1    | i: height 65538 at byte 8, expected 1 to 4096",
        "10 | 0x10 | i: height 4098 at byte 8, expected 1 to 4096",
        "11 | 0    | i: height 0 at byte 8, expected 1 to 4096",
        "11 | 1    | i: data at byte 31, expected the end after image 2",
        "11 | 3    | i: ends at byte 46, in image 2 (of 3, from 0), expected 61 bytes",
        "12 | 0xff | i: width 4278190085 at byte 12, expected 1 to 4096",
        "13 | 1    | i: width 65541 at byte 12, expected 1 to 4096",
        "14 | 1    | i: ends at byte 46, in image 0 (of 3, from 0), expected 1582 bytes",
        "15 | 0    | i: width 0 at byte 12, expected 1 to 4096",
        "15 | 4    | i: data at byte 40, expected the end after image 2",
      })
  void everyByteOfTheImageHeaderIsChecked(String place, String value, String message) {
    byte[] images = Idx.with(IMAGES, Integer.parseInt(place), Integer.decode(value));

    assertRefused(Idx.bytes("i", images), Idx.bytes("l", LABELS), message);
    assertRefused(Idx.bytes("i", Idx.gzip(images)), Idx.bytes("l", LABELS), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 1    | l: magic 0x01000801 at byte 0, expected 0x00000801",
        "1 | 1    | l: magic 0x00010801 at byte 0, expected 0x00000801",
        "2 | 9    | l: magic 0x00000901 at byte 0, expected 0x00000801",
        "3 | 3    | l: magic 0x00000803 at byte 0, expected 0x00000801",
        "4 | 0x80 | l: label count 2147483651 at byte 4, expected 1 to 2147483647",
        "5 | 1    | l: 65539 labels, expected 3 as in i",
        "6 | 1    | l: 259 labels, expected 3 as in i",
        "7 | 0    | l: label count 0 at byte 4, expected 1 to 2147483647",
        "7 | 4    | l: 4 labels, expected 3 as in i",
      })
  void everyByteOfTheLabelHeaderIsChecked(String place, String value, String message) {
    byte[] labels = Idx.with(LABELS, Integer.parseInt(place), Integer.decode(value));

    assertRefused(Idx.bytes("i", IMAGES), Idx.bytes("l", labels), message);
    assertRefused(Idx.bytes("i", IMAGES), Idx.bytes("l", Idx.gzip(labels)), message);
  }

  @Test
  void everyCutIsRefusedWithItsPlace() {
    for (int length = 0; length < IMAGES.length; length++) {
      String place =
          length < 16
              ? "in its header of 16 bytes"
              : "in image " + (length - 16) / 10 + " (of 3, from 0), expected 46 bytes";
      String message = "i: ends at byte " + length + ", " + place;
      byte[] cut = Arrays.copyOf(IMAGES, length);
      assertRefused(Idx.bytes("i", cut), Idx.bytes("l", LABELS), message);
      assertRefused(Idx.bytes("i", Idx.gzip(cut)), Idx.bytes("l", LABELS), message);
    }
    byte[] cut = Arrays.copyOf(LABELS, 10);
    assertRefused(
        Idx.bytes("i", IMAGES),
        Idx.bytes("l", cut),
        "l: ends at byte 10, in label 2 (of 3, from 0), expected 11 bytes");
  }

  @Test
  void trailingDataIsRefused() {
    assertRefused(
        Idx.bytes("i", Idx.concat(IMAGES, new byte[1])),
        Idx.bytes("l", LABELS),
        "i: data at byte 46, expected the end after image 2");
    assertRefused(
        Idx.bytes("i", IMAGES),
        Idx.bytes("l", Idx.gzip(Idx.concat(LABELS, new byte[1]))),
        "l: data at byte 11, expected the end after label 2");
  }

  @Test
  void labelsBeyondTheClassesAreRefused() {
    assertRefused(
        Idx.bytes("i", IMAGES),
        Idx.bytes("l", Idx.labels(0, 255, 0)),
        "l: label 255 of image 1, expected 0 to 9");
  }

  @Test
  void hugeDeclarationCostsNoMemory() {
    byte[] images =
        ByteBuffer.allocate(1016)
            .putInt(0x803)
            .putInt(Integer.MAX_VALUE)
            .putInt(4096)
            .putInt(4096)
            .array();
    byte[] labels = ByteBuffer.allocate(70_000).putInt(0x801).putInt(Integer.MAX_VALUE).array();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    assertRefused(
        Idx.bytes("i", images),
        Idx.bytes("l", labels),
        "i: ends at byte 1016, in image 0 (of 2147483647, from 0), expected 36028797002186768"
            + " bytes");

    // One declared image alone is 16 MiB; the fixed buffers are well below 1 MiB.
    assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 4 << 20);
  }

  @Test
  void largeImagesPassThroughSmallBuffers() throws IOException {
    byte[] images = Idx.images(2, 300, 500);

    StoredPart stored = store(Idx.bytes("i", Idx.gzip(images)), Idx.bytes("l", Idx.labels(1, 2)));

    assertArrayEquals(Arrays.copyOfRange(images, 16, images.length), Idx.read(stored).pixels());
  }

  @Test
  void moreLabelsThanOneBufferHolds() throws IOException {
    int count = 70_000;
    int[] labels = IntStream.range(0, count).map(i -> i % 7).toArray();
    byte[] images = Idx.images(count, 1, 1);

    StoredPart stored = store(Idx.bytes("i", images), Idx.bytes("l", Idx.labels(labels)));

    assertArrayEquals(labels, Idx.read(stored).labels());
    assertArrayEquals(Arrays.copyOfRange(images, 16, images.length), Idx.read(stored).pixels());
    labels[69_999] = 10;
    assertRefused(
        Idx.bytes("i", images),
        Idx.bytes("l", Idx.labels(labels)),
        "l: label 10 of image 69999, expected 0 to 9");
  }

  @ParameterizedTest
  @MethodSource("endlessFiles")
  void endlessFileIsRefusedAtItsDeclaredEnd(ByteSource images) {
    assertRefused(
        images, Idx.bytes("l", LABELS), "i: data at byte 46, expected the end after image 2");
  }

  private static ByteSource endless(byte[] start, byte[] rest) {
    return Idx.source("i", () -> new EndlessStream(start, rest));
  }

  @SuppressWarnings("InputStreamSlowMultibyteRead") // fast enough for the little that is read
  private static final class EndlessStream extends InputStream {
    private final byte[] start;
    private final byte[] rest;
    private long place;

    EndlessStream(byte[] start, byte[] rest) {
      this.start = start;
      this.rest = rest;
    }

    @Override
    public int read() {
      long i = place++;
      return (i < start.length ? start[(int) i] : rest[(int) ((i - start.length) % rest.length)])
          & 0xff;
    }
  }

  /** Compressed so that anything compressed the same way can follow. */
  private static byte[] deflated(byte[] content) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(content);
    byte[] compressed = new byte[content.length + 64];
    int length = deflater.deflate(compressed, 0, compressed.length, Deflater.FULL_FLUSH);
    deflater.end();
    return Arrays.copyOf(compressed, length);
  }

  /** Three images, then zeros without end: plain, and as a gzip bomb. */
  static Stream<ByteSource> endlessFiles() {
    return Stream.of(
        endless(IMAGES, new byte[1000]),
        endless(Idx.concat(Idx.gzipHeader(0), deflated(IMAGES)), deflated(new byte[100_000])));
  }

  @Test
  void impossibleArgumentsAreRefused() {
    ByteSource images = Idx.bytes("i", IMAGES);
    ByteSource labels = Idx.bytes("l", LABELS);

    assertEquals(
        "0 class names, expected 1 to 65536",
        assertThrows(
                IllegalArgumentException.class,
                () -> Idx.store(images, labels, 0, ImageSource.ALL, directory))
            .getMessage());
    assertEquals(
        "limit of 0 images, expected at least 1",
        assertThrows(
                IllegalArgumentException.class, () -> Idx.store(images, labels, 10, 0, directory))
            .getMessage());
  }

  private StoredPart store(ByteSource images, ByteSource labels) throws IOException {
    return store(images, labels, ImageSource.ALL);
  }

  private StoredPart store(ByteSource images, ByteSource labels, long limit) throws IOException {
    return Idx.store(images, labels, 10, limit, directory);
  }

  private void assertRefused(ByteSource images, ByteSource labels, String message) {
    assertRefused(images, labels, ImageSource.ALL, message);
  }

  private void assertRefused(ByteSource images, ByteSource labels, long limit, String message) {
    IOException refusal =
        assertThrows(IOException.class, () -> Idx.store(images, labels, 10, limit, directory));
    assertEquals(message, refusal.getMessage());
    assertEquals(0, directory.toFile().list().length, "what was refused is left behind");
  }
}
