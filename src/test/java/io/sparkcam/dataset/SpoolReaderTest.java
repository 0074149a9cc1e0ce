package io.sparkcam.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolReaderTest {
  private static final int SIZE = 28 * 28;

  @TempDir static Path directory;
  private static Spool spool;
  private static byte[] pixels;
  private static int[] labels;

  @BeforeAll
  static void spoolTheExtract() throws IOException {
    ByteSource images = Idx.extract("train-images-idx3-ubyte.gz");
    ByteSource classes = Idx.extract("train-labels-idx1-ubyte.gz");
    spool = IdxSpool.write(images, classes, 10, directory.resolve("spool"), IdxSpool.ALL);
    byte[] imageFile = Idx.gunzip(images);
    byte[] labelFile = Idx.gunzip(classes);
    pixels = Arrays.copyOfRange(imageFile, 16, imageFile.length);
    labels = IntStream.range(8, labelFile.length).map(i -> labelFile[i]).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 333, 600})
  void blockSizeDoesNotChangeWhatIsRead(int size) throws IOException {
    try (SpoolReader reader = SpoolReader.open(spool.file())) {
      for (int first = 0; first < 600; first += size) {
        int count = Math.min(size, 600 - first);
        ImageBlock block = reader.read(first, count);
        assertArrayEquals(LongStream.range(first, first + count).toArray(), block.ids());
        assertArrayEquals(Arrays.copyOfRange(labels, first, first + count), block.labels());
        assertArrayEquals(
            Arrays.copyOfRange(pixels, first * SIZE, (first + count) * SIZE), block.pixels());
      }
    }
  }

  @Test
  void orderDoesNotChangeWhatIsRead() throws IOException {
    SeededPermutation shuffle = new SeededPermutation(600, 1, 0);
    try (SpoolReader reader = SpoolReader.open(spool.file())) {
      for (int i = 0; i < 600; i++) {
        int image = (int) shuffle.index(i);
        ImageBlock block = reader.read(image, 1);
        assertEquals(labels[image], block.labels()[0]);
        assertArrayEquals(
            Arrays.copyOfRange(pixels, image * SIZE, (image + 1) * SIZE), block.pixels());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 599, 600, 601})
  void scatteredImages(int recordsAWindow) throws IOException {
    SeededPermutation shuffle = new SeededPermutation(600, 1, 0);
    long[] ids = LongStream.range(0, 500).map(shuffle::index).toArray();
    try (SpoolReader reader = SpoolReader.open(spool.file())) {
      ImageBlock block = reader.read(ids, recordsAWindow);
      assertArrayEquals(ids, block.ids());
      for (int i = 0; i < ids.length; i++) {
        int image = (int) ids[i];
        assertEquals(labels[image], block.labels()[i]);
        assertEquals(
            -1,
            Arrays.mismatch(
                pixels,
                image * SIZE,
                (image + 1) * SIZE,
                block.pixels(),
                i * SIZE,
                (i + 1) * SIZE));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 600, Long.MAX_VALUE})
  void scatteredImagesThatAreNotThereAreRefused(long id) throws IOException {
    try (SpoolReader reader = SpoolReader.open(spool.file())) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> reader.read(new long[] {3, id}));
      assertEquals("image " + id + ", expected 0 to 599", refused.getMessage());
    }
  }

  @Test
  void tellsWhatItHolds() throws IOException {
    try (SpoolReader reader = SpoolReader.open(spool.file())) {
      assertEquals(600, reader.count());
      assertEquals(new ImageShape(28, 28, 1), reader.shape());
      assertEquals(10, reader.classes());
      assertEquals(new ImageShape(28, 28, 1), reader.read(3, 2).shape());
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "0, 0", "0, -1", "600, 1", "599, 2", "9223372036854775807, 1"})
  void imagesThatAreNotThereAreRefused(long first, int count) throws IOException {
    try (SpoolReader reader = SpoolReader.open(spool.file())) {
      assertEquals(
          count + " images from " + first + ", expected at least 1 of 0 to 599",
          assertThrows(IllegalArgumentException.class, () -> reader.read(first, count))
              .getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0  | 0    | magic 0x00706f6f6c563100 at byte 0, expected 0x53706f6f6c563100",
        "7  | 1    | magic 0x53706f6f6c563101 at byte 0, expected 0x53706f6f6c563100",
        "8  | 0x80 | -9223372036854775208 images of 10 classes, expected at least 1",
        "15 | 0    | 472832 bytes, expected 403488 for 512 images",
        "19 | 0    | height 0, expected 1 to 4096",
        "22 | 0xff | width 65308, expected 1 to 4096",
        "27 | 2    | 472832 bytes, expected 943232 for 600 images",
        "31 | 0    | 600 images of 0 classes, expected at least 1",
        "35 | 10   | label 10 of image 0, expected -1 to 9",
        "32 | 0x80 | label -2147483639 of image 0, expected -1 to 9",
      })
  void damageIsRefused(String place, String value, String message) throws IOException {
    byte[] damaged =
        Idx.with(Files.readAllBytes(spool.file()), Integer.parseInt(place), Integer.decode(value));
    assertRefused(damaged, message);
  }

  @Test
  void cutOrExtendedFileIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(spool.file());

    assertRefused(new byte[0], "ends at byte 0, expected 32");
    assertRefused(Arrays.copyOf(whole, 31), "ends at byte 31, expected 32");
    assertRefused(
        Arrays.copyOf(whole, whole.length - 1), "472831 bytes, expected 472832 for 600 images");
    assertRefused(
        Arrays.copyOf(whole, whole.length + 1), "472833 bytes, expected 472832 for 600 images");
  }

  private static void assertRefused(byte[] content, String message) throws IOException {
    Path file = Files.write(directory.resolve("damaged"), content);
    assertEquals(
        file + ": " + message,
        assertThrows(
                IOException.class,
                () -> {
                  try (SpoolReader reader = SpoolReader.open(file)) {
                    reader.read(0, 600);
                  }
                })
            .getMessage());
  }
}
