package io.sparkcam.job;

import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.run.Manifest;
import io.sparkcam.testing.ManifestText;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on folders and tables of small RGB pictures of two classes. */
@SharedSpark
class ImagesFromElsewhereTest {
  private static final List<String> CLASSES = List.of("cat", "dog");
  private static final int SIDE = 16;

  @TempDir Path directory;
  private final SparkSession spark;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path data;

  ImagesFromElsewhereTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writePictures() throws IOException {
    // Hadoop reads such names as schemes, patterns and escapes.
    data = directory.resolve("da:ta *[x]{y}?%20#\u00e9");
    for (int i = 0; i < 40; i++) {
      write((i < 32 ? "train/" : "test/") + CLASSES.get(i % 2) + "/" + i + ".png", picture(i));
    }
  }

  private static byte[] picture(int number) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, number << 16 | (number % 2 == 0 ? 0xff00 : 0xff));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private int sparkcam(String... arguments) {
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), 0);
    return SparkCam.of(SparkCommandActions::new, console).execute(arguments);
  }

  private String[] making(String command, String id, String... more) {
    List<String> all = new ArrayList<>(List.of(command, "--data", data.toString()));
    all.addAll(List.of("--output", directory.toString(), "--run-id", id));
    all.addAll(List.of("--workers", "2", "--epochs", "1", "--batch-size", "4"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private void succeeds(String... arguments) {
    assertEquals(0, sparkcam(arguments), err::toString);
  }

  private List<String> lines(String run, String query) {
    return spark.sql(query.formatted(directory.resolve(run))).as(Encoders.STRING()).collectAsList();
  }

  @Test
  void differencesAreFoundBySource() throws IOException {
    succeeds(making("run", "a"));
    String report = Files.readString(directory.resolve("a/report/index.html"));
    assertTrue(report.contains("image " + idOf("a", "test/dog/37.png") + " test/dog/37.png<"));
    Files.delete(data.resolve("test/dog/37.png"));
    write("test/dog/41.png", picture(41));
    write("test/dog/39.png", picture(35));
    succeeds(making("explain", "b", "--model", directory.resolve("a").toString()));
    out.getBuffer().setLength(0);
    succeeds("diff", directory.resolve("a").toString(), directory.resolve("b").toString());
    List<String> said = out.toString().lines().toList();
    assertEquals(
        List.of(
            "images in both: 7",
            "only in a: 1",
            "only in b: 1",
            "other pixels under the same source: 1"),
        said.subList(0, 4));
    Path table = directory.resolve("a-diff-b.parquet");
    assertEquals(
        List.of(table, directory.resolve("a-diff-b.html")).toString(),
        said.subList(said.size() - 2, said.size()).toString());
    for (var row : spark.read().parquet(table.toString()).collectAsList()) {
      String source = row.getAs("source");
      assertEquals(idOf("a", source), row.getAs("id").toString());
      assertEquals(idOf("b", source), row.getAs("other_id").toString());
      assertEquals(!source.equals("test/dog/39.png"), row.getAs("same_image"), source);
    }
  }

  private void shown(String run, long id) throws IOException {
    Path picture = directory.resolve(run + "-shown.png");
    succeeds(
        "show-image",
        directory.resolve(run).toString(),
        "--index",
        Long.toString(id),
        "--file",
        picture.toString());
  }

  private String idOf(String run, String source) {
    return lines(run, "SELECT string(id) FROM parquet.`%s/sources` WHERE source = '" + source + "'")
        .get(0);
  }

  /** A light or a dark picture of any size, in one of the forms that cameras and programs write. */
  private static byte[] photo(boolean light, Random random) throws IOException {
    boolean jpeg = random.nextBoolean();
    List<Integer> types =
        jpeg
            ? List.of(BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY)
            : List.of(
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_BINARY);
    int width = 20 + random.nextInt(60);
    int height = 20 + random.nextInt(60);
    BufferedImage image = new BufferedImage(width, height, types.get(random.nextInt(types.size())));
    for (int i = 0; i < width * height; i++) {
      int value = random.nextInt(80) + (light ? 170 : 5);
      image.setRGB(i % width, i / width, 0xff000000 | value << 16 | value << 8 | value / 2);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, jpeg ? "jpg" : "png", bytes);
    byte[] file = bytes.toByteArray();
    if (!jpeg) {
      return file;
    }
    // After the marker of the start a segment of EXIF: one entry, the orientation.
    byte[] exif =
        HexFormat.of()
            .parseHex(
                "ffe10022457869660000"
                    + "49492a00080000000100"
                    + "1201030001000000"
                    + "0"
                    + (1 + random.nextInt(8))
                    + "00000000000000");
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(file, 0, 2);
    turned.write(exif, 0, exif.length);
    turned.write(file, 2, file.length - 2);
    return turned.toByteArray();
  }

  @Test
  void aFolderIsTrainedExplainedShownAndVerified() throws IOException, InterruptedException {
    write("test/dog/cut.png", Arrays.copyOf(picture(3), 60));
    write("train/cat/empty.png", new byte[0]);
    succeeds(making("run", "a", "--bad-records", "quarantine"));

    Path run = directory.resolve("a");
    Manifest manifest =
        Manifest.read(new org.apache.hadoop.fs.Path(run.toString()), new Configuration());
    assertEquals(CLASSES, manifest.origin().classNames());
    for (String part : List.of("train", "test")) {
      assertEquals(1, manifest.metrics().get(part + "_records_bad"));
      assertEquals(
          manifest.metrics().get(part + "_records"),
          1 + manifest.metrics().get(part + "_records_good"));
    }
    assertEquals(
        List.of(
            "test test/dog/cut.png cannot be decoded: PNG cut off after byte 60",
            "train train/cat/empty.png no image: 0 bytes"),
        lines(
            "a",
            "SELECT concat_ws(' ', part, source, reason) FROM parquet.`%s/quarantine`"
                + " ORDER BY 1"));
    // Every explained image's label is the class of the directory that its source names.
    assertEquals(
        List.of("cat 0 4", "dog 1 4"),
        lines(
            "a",
            """
            SELECT concat_ws(' ', split(source, '/')[1], e.label, count(*))
            FROM parquet.`%1$s/explanations` e JOIN parquet.`%1$s/sources` s
            ON s.part = 'test' AND s.id = e.id GROUP BY split(source, '/')[1], e.label ORDER BY 1
            """));

    String id = idOf("a", "test/dog/37.png");
    shown("a", Long.parseLong(id));
    assertTrue(out.toString().contains("Class = 1, dog\n"), out::toString);
    succeeds("show-cam", run.toString(), "--index", id, "--aligned", "--box");
    succeeds("verify", run.toString());

    // What somebody else's run says of places is not taken at its word.
    Path manifestFile = run.resolve("manifest.json");
    String own = Files.readString(manifestFile);
    ManifestText.edit(run, text -> text.replace(data.toString(), "http://127.0.0.1:9/images"));
    assertEquals(1, sparkcam("show-image", run.toString(), "--index", id));
    assertTrue(
        err.toString().contains("http://127.0.0.1:9/images, which is not read on a manifest's"),
        err::toString);
    Files.writeString(manifestFile, own);
    plantSource(run, "../da/test/dog/37.png");
    assertEquals(1, sparkcam("show-image", run.toString(), "--index", id));
    assertTrue(
        err.toString()
            .contains("source ../da/test/dog/37.png, expected a name below the data's directory"),
        err::toString);
    ManifestText.edit(run, text -> text.replace(data.toString(), "/dev"));
    plantSource(run, "zero");
    assertEquals(1, sparkcam("show-image", run.toString(), "--index", id));
    assertTrue(err.toString().contains("/dev/zero: is a pipe or a device"), err::toString);
    Files.writeString(manifestFile, own);
    plantSource(run, "test/dog/37.png");
    Path image = data.resolve("test/dog/37.png");
    Files.delete(image);
    assertEquals(0, new ProcessBuilder("mkfifo", image.toString()).start().waitFor());
    assertEquals(1, sparkcam("show-image", run.toString(), "--index", id));
    assertTrue(err.toString().contains(image + ": is a pipe or a device"), err::toString);
    Files.delete(image);

    write("test/dog/37.png", picture(38));
    assertEquals(1, sparkcam("show-image", run.toString(), "--index", id));
    assertTrue(
        err.toString().contains("test/dog/37.png: not the input of run " + run + ": SHA-256 "),
        err::toString);
  }

  /** Has a run say that all its test images came from there. */
  private void plantSource(Path run, String source) throws IOException {
    Path file = run.resolve("sources/test-00000.parquet");
    Path planted = directory.resolve("planted");
    spark
        .read()
        .parquet(file.toString())
        .withColumn("source", lit(source))
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(planted.toString());
    try (var parts = Files.newDirectoryStream(planted, "part-*.parquet")) {
      Files.move(parts.iterator().next(), file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Test
  void badRecordsFailUnlessAskedOtherwise() throws IOException {
    write("train/cat/empty.png", new byte[0]);
    assertEquals(1, sparkcam(making("run", "a")));
    assertEquals(
        "sparkcam: "
            + data
            + "/train/cat/empty.png: no image: 0 bytes (1 of 33 train records are bad;"
            + " --bad-records drop or quarantine goes on without them)\n",
        err.toString());
    assertFalse(Files.exists(directory.resolve("a")));
  }

  @Test
  void aTableGivesTheSameImagesAsAFolder() throws IOException {
    succeeds(making("run", "folder"));
    shown("folder", Long.parseLong(idOf("folder", "test/dog/37.png")));
    StructType image =
        new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType);
    StructType schema = new StructType().add("image", image).add("label", DataTypes.StringType);
    data = directory.resolve("rows");
    table("train", 0, 32, schema);
    table("test", 32, 40, schema);
    succeeds(making("run", "table"));
    // Every second picture from 32 on is a dog; 37 is the sixth row of its file.
    String id =
        lines("table", "SELECT string(id) FROM parquet.`%s/sources` WHERE source LIKE 'test/%%#5'")
            .get(0);
    shown("table", Long.parseLong(id));
    assertTrue(out.toString().contains("Class = 1, dog\n"), out::toString);
    assertArrayEquals(pixels("folder"), pixels("table"));
  }

  /** Of a picture that was shown, below its caption, which names the id. */
  private int[] pixels(String run) throws IOException {
    BufferedImage image = ImageIO.read(directory.resolve(run + "-shown.png").toFile());
    int rows = 100;
    return image.getRGB(
        0, image.getHeight() - rows, image.getWidth(), rows, null, 0, image.getWidth());
  }

  private void table(String part, int first, int end, StructType schema) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int i = first; i < end; i++) {
      rows.add(RowFactory.create(RowFactory.create(picture(i), null), CLASSES.get(i % 2)));
    }
    spark.createDataFrame(rows, schema).coalesce(1).write().parquet(data.resolve(part).toString());
  }

  @Test
  void picturesWithoutClassesAreExplained() throws IOException {
    succeeds(making("train", "a"));
    data = directory.resolve("new");
    write("one.png", picture(1));
    write("two.png", picture(2));
    String model = directory.resolve("a/model.zip").toString();
    succeeds(making("explain", "b", "--model", model));
    assertEquals(
        List.of("2 0"),
        lines("b", "SELECT concat_ws(' ', count(*), count(label)) FROM parquet.`%s/explanations`"));
    shown("b", 1);
    assertTrue(out.toString().contains("Class unknown\n"), out::toString);
  }

  @Tag("localisation")
  @Test
  void aThousandPhotosOfAllKindsNeedOneOptionAndAreExplainedAsTheyWereTrainedOn()
      throws IOException {
    data = directory.resolve("photos");
    Random random = new Random(5);
    for (int i = 0; i < 900; i++) {
      write(CLASSES.get(i % 2) + "/_DSC" + i + ".JPG", photo(i % 2 == 0, random));
    }
    // All formats, modes and orientations that are read.
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/images"))) {
      List<Path> samples = files.filter(file -> !file.toString().matches(".*[.](py|npz)")).toList();
      for (int i = 0; i < 100; i++) {
        Path sample = samples.get(i);
        write(CLASSES.get(i % 2) + "/" + sample.getFileName(), Files.readAllBytes(sample));
      }
    }
    write("cat/notes.txt", new byte[1]);
    write("dog/.hidden", new byte[1]);
    String output = directory.toString();
    succeeds(
        "run", "--data", data.toString(), "--output", output, "--run-id", "a", "--resize", "64");

    Map<String, Double> counted =
        Manifest.read(
                new org.apache.hadoop.fs.Path(directory.resolve("a").toString()),
                new Configuration())
            .metrics();
    double good = counted.get("train_records_good") + counted.get("test_records_good");
    double bad = counted.get("train_records_bad") + counted.get("test_records_bad");
    double ignored = counted.get("train_files_ignored") + counted.get("test_files_ignored");
    assertEquals(List.of(1000.0, 0.0, 1.0), List.of(good, bad, ignored));
    assertTrue(counted.get("test_accuracy") > 0.85, counted::toString);
    assertEquals(
        List.of(Integer.toString(8 * 8 * 128)),
        lines("a", "SELECT DISTINCT string(size(features)) FROM parquet.`%s/explanations`"));
    String model = directory.resolve("a/model.zip").toString();
    succeeds(making("explain", "b", "--model", model));
    assertEquals(
        lines("a", "SELECT string(count(*)) FROM parquet.`%s/explanations`"),
        lines(
            "a",
            """
            SELECT string(count(*)) FROM parquet.`%1$s/explanations` a
            JOIN parquet.`%1$s/sources` s ON s.part = 'test' AND s.id = a.id
            JOIN parquet.`%1$s/../b/sources` t ON t.source = s.source
            JOIN parquet.`%1$s/../b/explanations` b ON t.id = b.id AND b.features = a.features
            """));
    shown("b", 0);
  }
}
