package io.sparkcam.data.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.Part;
import io.sparkcam.data.image.EncodedImagesTest;
import io.sparkcam.storage.Sha256;
import io.sparkcam.testing.Ingest;
import io.sparkcam.testing.SharedSpark;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharedSpark
class RecordIngestTest {
  @TempDir Path directory;
  private Path data;
  private final SparkSession spark;

  RecordIngestTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void namePlace() {
    data = directory.resolve("a {place} [of] its own");
  }

  /** A flat picture of one colour, whose red tells it from others. */
  private static byte[] png(int height, int width, int red) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      image.setRGB(i % width, i / width, red << 16);
    }
    return EncodedImagesTest.encoded(image, "png");
  }

  private Path file(String name, byte[] bytes) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** 20 training and 4 test pictures of two classes, under names that need care. */
  private void folder() throws IOException {
    for (int i = 0; i < 20; i++) {
      file("train/" + (i < 10 ? "a cat" : "dög{1}") + "/%02d.png".formatted(i), png(8, 10, i));
    }
    for (int i = 0; i < 4; i++) {
      file("test/" + (i < 2 ? "a cat" : "dög{1}") + "/x: %d.PNG".formatted(i), png(8, 10, 100 + i));
    }
    file("train/a cat/notes.txt", new byte[3]);
  }

  private ImageSource open(BadRecords policy) throws IOException {
    return open(Ingest.options(policy, Part.TRAIN, Part.TEST));
  }

  private ImageSource open(DataOptions options) throws IOException {
    return ingest().open(data, options);
  }

  private Ingest ingest() {
    return new Ingest(spark, directory);
  }

  private StoredPart training(ImageSource data) throws IOException {
    return store(data, Part.TRAIN, ImageSource.ALL);
  }

  private StoredPart store(ImageSource data, Part part, long limit) throws IOException {
    return data.store(part, limit, ingest().place());
  }

  private static ImageBlock images(StoredPart stored) throws IOException {
    try (ChunkReader reader = new ChunkReader(stored.index(), new Configuration())) {
      return reader.read(0, (int) stored.count());
    }
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void folderIsStoredInTheOrderOfHashedNames() throws IOException {
    folder();
    try (ImageSource images = open(BadRecords.FAIL)) {
      assertEquals(List.of("a cat", "dög{1}"), images.classNames().names());
      assertEquals(Set.of(Part.TRAIN, Part.TEST), images.parts());
      StoredPart stored = training(images);
      assertEquals(20, stored.count());
      assertEquals(new ImageShape(8, 10, 3), stored.index().shape());
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        names.add("train/" + (i < 10 ? "a cat" : "dög{1}") + "/%02d.png".formatted(i));
      }
      names.sort(Comparator.comparing(RecordIngestTest::sha256));
      ImageBlock block = images(stored);
      MessageDigest listing = Sha256.digest();
      for (int id = 0; id < 20; id++) {
        String name = names.get(id);
        int number = Integer.parseInt(name.replaceAll(".*/|\\.png", ""));
        assertEquals(number, block.pixels()[id * 240], name);
        assertEquals(0, block.pixels()[id * 240 + 80], name);
        assertEquals(number < 10 ? 0 : 1, block.labels()[id], name);
        byte[] file = Files.readAllBytes(data.resolve(name));
        String sum = HexFormat.of().formatHex(Sha256.digest().digest(file));
        listing.update((sum + "  " + name + "\n").getBytes(StandardCharsets.UTF_8));
      }
      assertEquals(
          new StoredPart.SourceFile("train images", Sha256.of(listing.digest())), stored.images());
    }
  }

  @Test
  void badRecordsAreExactlyTheBadOnes() throws IOException {
    folder();
    file("train/a cat/wide.png", png(8, 11, 1));
    file("train/a cat/cut.png", Arrays.copyOf(png(8, 10, 1), 60));
    file("train/a cat/deep/er/empty.jpg", new byte[0]);
    file("train/.hidden/empty.png", new byte[0]);
    file("train/unlabelled.png", png(8, 10, 1));
    try (RandomAccessFile sparse =
        new RandomAccessFile(file("train/a cat/long.png", new byte[1]).toFile(), "rw")) {
      sparse.setLength((256L << 20) + 1);
    }
    try (ImageSource images = open(BadRecords.QUARANTINE)) {
      StoredPart stored = training(images);
      assertEquals(
          List.of(20L, 25L, 5L), List.of(stored.count(), stored.sourceCount(), stored.bad()));
      for (int red : new int[] {0, 19}) {
        assertTrue(hasRed(images(stored), red));
      }
    }
    ImageSource strict = open(BadRecords.FAIL);
    String message = assertThrows(IOException.class, () -> training(strict)).getMessage();
    strict.close();
    // The first by id: of the five, the one whose name has the least SHA-256.
    String first =
        Stream.of(
                "a cat/wide.png",
                "a cat/cut.png",
                "a cat/deep/er/empty.jpg",
                "a cat/long.png",
                "unlabelled.png")
            .map(name -> "train/" + name)
            .min(Comparator.comparing(RecordIngestTest::sha256))
            .orElseThrow();
    assertTrue(message.startsWith(data + "/" + first + ": "), message);
    assertTrue(
        message.endsWith(
            " (5 of 25 train records are bad; --bad-records drop or quarantine goes on without"
                + " them)"),
        message);
  }

  private static boolean hasRed(ImageBlock block, int red) {
    for (int i = 0; i < block.count(); i++) {
      if (block.pixels()[i * 240] == red) {
        return true;
      }
    }
    return false;
  }

  @Test
  void imagesWithoutClassesHaveNoLabels() throws IOException {
    for (int i = 0; i < 3; i++) {
      file("p%d.jpeg".formatted(i), png(8, 8, i));
    }
    try (ImageSource images = open(Ingest.options(BadRecords.FAIL, Part.TEST))) {
      assertEquals(Set.of(Part.TEST), images.parts());
      assertFalse(images.labelled(Part.TEST));
      StoredPart stored = store(images, Part.TEST, 2);
      assertEquals(List.of(2L, 3L), List.of(stored.count(), stored.sourceCount()));
      assertArrayEquals(new int[] {-1, -1}, images(stored).labels());
    }
  }

  @Test
  void aTestClassThatIsNotTrainedIsRefused() throws IOException {
    folder();
    file("test/emu/1.png", png(8, 10, 1));
    IOException refused = assertThrows(IOException.class, () -> open(BadRecords.DROP));
    assertTrue(
        refused.getMessage().endsWith("/test: emu is no class, expected a cat, dög{1}"),
        refused::getMessage);
  }

  private void table(String name, List<Row> rows, StructType schema) {
    Dataset<Row> table = spark.createDataFrame(rows, schema).coalesce(1);
    table.write().parquet(data.resolve(name).toString());
  }

  @Test
  void parquetOfEncodedImagesAndNamesIsRead() throws IOException {
    StructType image =
        new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType);
    StructType schema = new StructType().add("image", image).add("label", DataTypes.StringType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      rows.add(RowFactory.create(RowFactory.create(png(8, 10, i), null), i % 2 == 0 ? "x" : "b"));
    }
    rows.add(RowFactory.create(RowFactory.create(png(8, 10, 9), null), null));
    rows.add(RowFactory.create(null, "x"));
    table("train", rows, schema);
    table("test", List.of(rows.get(0), RowFactory.create(rows.get(1).get(0), "y")), schema);
    try (ImageSource images = open(BadRecords.DROP)) {
      assertEquals(List.of("b", "x"), images.classNames().names());
      StoredPart stored = training(images);
      assertEquals(List.of(6L, 2L), List.of(stored.count(), stored.bad()));
      ImageBlock block = images(stored);
      for (int i = 0; i < 6; i++) {
        assertEquals(1 - block.pixels()[i * 240] % 2, block.labels()[i]);
      }
      StoredPart test = store(images, Part.TEST, ImageSource.ALL);
      assertEquals(List.of(1L, 1L), List.of(test.count(), test.bad()));
    }
  }

  @Test
  void parquetOfPixelArraysAndNumbersIsRead() throws IOException {
    StructType schema =
        new StructType()
            .add("pixels", DataTypes.createArrayType(DataTypes.FloatType))
            .add("digit", DataTypes.LongType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Float[] values = new Float[2 * 3 * 3];
      for (int k = 0; k < values.length; k++) {
        values[k] = (float) (10 * k + i);
      }
      rows.add(RowFactory.create(values, (long) i));
    }
    rows.add(RowFactory.create(new Float[] {1f, 2f}, 1L));
    Float[] fractions = new Float[18];
    Arrays.fill(fractions, 0.5f);
    rows.add(RowFactory.create(fractions, 1L));
    table("train", rows, schema);
    DataOptions usual = Ingest.options(BadRecords.DROP, Part.TRAIN);
    DataOptions options =
        new DataOptions(
            usual.wanted(),
            "pixels",
            "digit",
            usual.decode().ofRawPixels(new ImageShape(2, 3, 3)),
            usual.classNames(),
            true,
            usual.labelsFile(),
            usual.testSplit(),
            usual.badRecords());
    try (ImageSource images = open(options)) {
      StoredPart stored = training(images);
      assertEquals(4, images.classNames().count());
      assertEquals(List.of(4L, 2L), List.of(stored.count(), stored.bad()));
      ImageBlock block = images(stored);
      for (int n = 0; n < 4; n++) {
        for (int k = 0; k < 18; k++) {
          // (row, column, channel) becomes (channel, row, column)
          int planar = n * 18 + k % 3 * 6 + k / 3;
          assertEquals((byte) (10 * k + block.labels()[n]), block.pixels()[planar]);
        }
      }
    }
  }

  @Test
  void aMissingColumnIsRefusedWithThoseThatAreThere() {
    table(
        "train",
        List.of(RowFactory.create(1, "x")),
        new StructType().add("img", DataTypes.IntegerType).add("label", DataTypes.StringType));
    IOException refused = assertThrows(IOException.class, () -> open(BadRecords.DROP));
    assertTrue(
        refused
            .getMessage()
            .endsWith("no column image, found img, label: --image-column names one"),
        refused::getMessage);
  }

  @Test
  void aTestLabelThatIsNoClassIsRefusedBeforeAnythingIsRead() {
    Path cases = Path.of("src/test/resources/cases");
    DataOptions options = Ingest.options(BadRecords.FAIL, Part.TRAIN, Part.TEST);
    IOException refused =
        assertThrows(
            IOException.class, () -> ingest().open(cases.resolve("test_label_unknown"), options));
    assertEquals(
        cases.resolve("test_label_unknown")
            + ": label 'owl' is none of the 2 classes (cat, dog), in 3 test records;"
            + " --bad-records drop or quarantine goes on without them",
        refused.getMessage());
  }
}
