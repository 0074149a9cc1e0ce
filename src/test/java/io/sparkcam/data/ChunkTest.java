package io.sparkcam.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunk files and their index, on the local file system through Hadoop's. */
class ChunkTest {
  private static final Configuration HADOOP = new Configuration();

  /** Two records a block. */
  private static final ImageShape SHAPE = new ImageShape(300, 400, 4);

  private static final int CLASSES = 1000;
  private static final int RECORD = 4 + 480_000;

  /** Chunks of 1, 2 and 2, and 1 block. */
  private static final int[] COUNTS = {1, 4, 3, 2};

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 10})
  void rangesAreReadAcrossTheBordersOfBlocksAndChunks(int size) throws IOException {
    try (ChunkReader reader = new ChunkReader(write(COUNTS), HADOOP)) {
      for (int first = 0; first < 10; first += size) {
        int count = Math.min(size, 10 - first);
        ImageBlock block = reader.read(first, count);
        assertArrayEquals(LongStream.range(first, first + count).toArray(), block.ids());
        requireImages(block);
      }
    }
  }

  @Test
  void scatteredImagesComeInTheOrderThatWasAskedFor() throws IOException {
    SeededPermutation shuffle = new SeededPermutation(10, 1, 0);
    long[] ids = LongStream.range(0, 10).map(shuffle::index).toArray();
    try (ChunkReader reader = new ChunkReader(write(COUNTS), HADOOP)) {
      ImageBlock block = reader.read(ids.clone());
      assertArrayEquals(ids, block.ids());
      requireImages(block);
    }
  }

  @Test
  void idsArePrefixSumsOfCounts() throws IOException {
    ImageIndex index = write(COUNTS);

    assertEquals(10, index.count());
    int[] chunks = LongStream.range(0, 10).mapToInt(index::chunkOf).toArray();
    assertArrayEquals(new int[] {0, 1, 1, 1, 1, 2, 2, 2, 3, 3}, chunks);
    assertArrayEquals(
        new long[] {0, 1, 5, 8}, LongStream.range(0, 4).map(c -> index.firstId((int) c)).toArray());
  }

  @Test
  void jsonKeepsTheIndex() throws IOException {
    ImageIndex index = write(COUNTS);

    ImageIndex read = ImageIndex.read(index.json(), "index.json");

    assertEquals(
        new String(index.json(), StandardCharsets.UTF_8),
        new String(read.json(), StandardCharsets.UTF_8));
    assertEquals(SHAPE, read.shape());
    try (ChunkReader reader = new ChunkReader(read, HADOOP)) {
      requireImages(reader.read(0, 10));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 2", "6, 3", "10, 4", "11, 4"})
  void limitKeepsTheChunksThatHoldTheFirstImages(long limit, int chunks) throws IOException {
    ImageIndex index = write(COUNTS).first(limit);

    assertEquals(Math.min(limit, 10), index.count());
    assertEquals(chunks, index.chunks().size());
    try (ChunkReader reader = new ChunkReader(index, HADOOP)) {
      requireImages(reader.read(0, (int) index.count()));
      assertThrows(IllegalArgumentException.class, () -> reader.read(index.count(), 1));
    }
  }

  @Test
  void longSeriesIsSeveralChunksOfAbout64Megabytes() throws IOException {
    try (ChunkWriter out = writer("long")) {
      for (int id = 0; id < 150; id++) {
        out.write(id, pixels(id));
      }
      ChunkWriter.Written written = out.finish();
      assertEquals(List.of(138L, 12L), written.chunks().stream().map(Chunk::count).toList());
      assertEquals(150, written.count());
      long length = 0;
      for (Chunk chunk : written.chunks()) {
        length += Files.size(file(chunk));
      }
      assertEquals(length, written.bytes());
      assertEquals(150, LongStream.of(written.labelCounts()).sum());
      ImageIndex index = ImageIndex.of(SHAPE, CLASSES, written.chunks());
      try (ChunkReader reader = new ChunkReader(index, HADOOP)) {
        requireImages(reader.read(130, 20));
      }
    }
  }

  @Test
  void unlabelledImages() throws IOException {
    try (ChunkWriter out = writer("unlabelled")) {
      out.write(ImageBlock.UNKNOWN, pixels(0));
      ChunkWriter.Written written = out.finish();
      assertEquals(0, LongStream.of(written.labelCounts()).sum());
      ImageIndex index = ImageIndex.of(SHAPE, CLASSES, written.chunks());
      try (ChunkReader reader = new ChunkReader(index, HADOOP)) {
        assertEquals(ImageBlock.UNKNOWN, reader.read(0, 1).labels()[0]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0       | header has CRC32C",
        "11      | header has CRC32C",
        "35      | header has CRC32C",
        "36      | block 0 has CRC32C", // a label
        "500000  | block 0 has CRC32C", // a pixel
        "960046  | block 0 has CRC32C", // its checksum
        "960048  | block 1 has CRC32C",
        "1440056 | footer has CRC32C",
        "1440067 | footer has CRC32C",
      })
  void damagedByteIsNamed(int place, String what) throws IOException {
    ImageIndex index = write(3);
    Path file = file(index.chunks().get(0));
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(36 + 3 * RECORD + 2 * 4 + 12, bytes.length);
    bytes[place] ^= 1;
    Files.write(file, bytes);

    String message = message(index);

    assertTrue(message.matches(file + ": " + what + " 0x\\w{8}, expected 0x\\w{8}"), message);
  }

  @ParameterizedTest
  @CsvSource({"1", "12", "13", "1440000"})
  void fileThatWasCutIsRefused(int missing) throws IOException {
    ImageIndex index = write(3);
    Path file = file(index.chunks().get(0));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - missing));

    assertEquals(
        "%s: %d bytes, expected 1440068 for 3 images".formatted(file, 1440068 - missing),
        message(index));
  }

  @Test
  void chunkOfAnotherShapeIsRefused() throws IOException {
    ImageIndex index = write(3);
    ImageIndex other =
        ImageIndex.of(new ImageShape(400, 300, 4), CLASSES, List.copyOf(index.chunks()));

    assertEquals(
        file(index.chunks().get(0))
            + ": header 0x53434368756e6b00 version 1 of 300x400x4, 1000 classes, 2 records a block,"
            + " expected 0x53434368756e6b00 version 1 of 400x300x4, 1000 classes, 2 records a"
            + " block",
        message(other));
  }

  @Test
  void writerThatDoesNotFinishLeavesNothing() throws IOException {
    try (ChunkWriter out = writer("given-up")) {
      for (int id = 0; id < 140; id++) {
        out.write(id, pixels(id));
      }
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void lateAttemptDoesNotBringBackWhatWasRemoved() throws IOException {
    try (ChunkWriter out = writer("late")) {
      Files.delete(directory);
      assertThrows(IOException.class, () -> out.write(0, pixels(0)));
    }
    assertTrue(Files.notExists(directory));
  }

  @Test
  void recordsAreChecked() throws IOException {
    try (ChunkWriter out = writer("checked")) {
      assertEquals(
          "label 1000, expected -1 to 999",
          assertThrows(IllegalArgumentException.class, () -> out.write(1000, pixels(0)))
              .getMessage());
      assertEquals(
          "3 bytes of pixels, expected 480000",
          assertThrows(IllegalArgumentException.class, () -> out.write(0, new byte[3]))
              .getMessage());
    }
  }

  private ImageIndex write(int... counts) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    int id = 0;
    for (int count : counts) {
      try (ChunkWriter out = writer("part-" + chunks.size())) {
        for (int i = 0; i < count; i++, id++) {
          out.write(id, pixels(id));
        }
        chunks.addAll(out.finish().chunks());
      }
    }
    return ImageIndex.of(SHAPE, CLASSES, chunks);
  }

  private ChunkWriter writer(String attempt) throws IOException {
    return ChunkWriter.create(
        new org.apache.hadoop.fs.Path(directory.toUri()), attempt, SHAPE, CLASSES, HADOOP);
  }

  private static byte[] pixels(long id) {
    byte[] pixels = new byte[SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (id * 31 + i);
    }
    return pixels;
  }

  private static void requireImages(ImageBlock block) {
    for (int i = 0; i < block.count(); i++) {
      long id = block.ids()[i];
      assertEquals(id, block.labels()[i]);
      assertArrayEquals(
          pixels(id), Arrays.copyOfRange(block.pixels(), i * SHAPE.size(), (i + 1) * SHAPE.size()));
    }
  }

  private static Path file(Chunk chunk) {
    return Path.of(java.net.URI.create(chunk.file()).getPath());
  }

  private static String message(ImageIndex index) throws IOException {
    try (ChunkReader reader = new ChunkReader(index, HADOOP)) {
      return assertThrows(IOException.class, () -> reader.read(0, (int) index.count()))
          .getMessage();
    }
  }
}
