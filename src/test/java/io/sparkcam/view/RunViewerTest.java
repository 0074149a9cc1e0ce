package io.sparkcam.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cam.Box;
import io.sparkcam.cam.BoxFinder;
import io.sparkcam.cam.Zoom;
import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.data.ClassNames;
import io.sparkcam.testing.ManifestText;
import io.sparkcam.testing.Npy;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.ContactSheet;
import io.sparkcam.view.picture.ExplainedImage;
import io.sparkcam.view.picture.HeatmapOverlay;
import io.sparkcam.view.picture.ImagePixels;
import io.sparkcam.view.picture.LabelledOverlay;
import io.sparkcam.view.picture.Picture;
import io.sparkcam.view.picture.PlainImage;
import io.sparkcam.view.picture.PredictionLine;
import io.sparkcam.view.picture.TextRendering;
import io.sparkcam.view.picture.Tint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is shown of a run, against the same rows as Spark reads them and the data's own bytes. */
@SharedSpark
class RunViewerTest {
  private static final int PIXELS = 28 * 28;

  private static Path made;
  private static List<Row> rows;
  private static byte[] images;

  @TempDir Path directory;
  private Path run;
  private Path defaults;
  private String out;
  private String err;

  @BeforeAll
  static void aRun(JavaSparkContext sc, SparkSession spark) throws Exception {
    made = ExtractRun.published(sc);
    rows = spark.read().parquet(made + "/explanations").orderBy("id").collectAsList();
    byte[] file = Files.readAllBytes(Path.of(ExtractRun.DATA, "t10k-images-idx3-ubyte.gz"));
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
      in.skipNBytes(16);
      images = in.readAllBytes();
    }
  }

  /** Pictures go beside a run, so each test has its own copy. */
  @BeforeEach
  void itsCopy() throws IOException {
    defaults = Files.createFile(directory.resolve("defaults.properties"));
    run = directory.resolve("tiny");
    for (Path file : files(made)) {
      Path copy = run.resolve(made.relativize(file));
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private int show(int columns, String command, String... args) {
    StringWriter written = new StringWriter();
    StringWriter complained = new StringWriter();
    Console console = new Console(new PrintWriter(written), new PrintWriter(complained), columns);
    String[] all =
        Stream.concat(Stream.of(command, run.toString()), Stream.of(args)).toArray(String[]::new);
    int code = SparkCam.of(SparkCommandActions::new, console, defaults).execute(all);
    out = written.toString();
    err = complained.toString();
    return code;
  }

  private int show(String command, String... args) {
    return show(0, command, args);
  }

  private static ImagePixels pixels(int id) {
    byte[] values = new byte[PIXELS];
    System.arraycopy(images, id * PIXELS, values, 0, PIXELS);
    return new ImagePixels(28, 28, 1, values);
  }

  private static ExplainedImage explained(int id, int shownClass, Zoom zoom, List<Box> boxes) {
    Row row = rows.get(id);
    List<Float> low = row.getList(row.fieldIndex("cam_low"));
    float[] plane = new float[9];
    for (int cell = 0; cell < plane.length; cell++) {
      plane[cell] = low.get(shownClass * plane.length + cell);
    }
    float[] map = new float[PIXELS];
    zoom.zoom(plane, 0, map, 0);
    return explained(id, new ClassMap(shownClass, 28, 28, map), boxes);
  }

  private static ExplainedImage explained(int id, ClassMap map, List<Box> boxes) {
    return new ExplainedImage(
        id, label(id), predicted(id), probability(id), pixels(id), map, boxes);
  }

  /** With the table's own map of the predicted class. */
  private static ExplainedImage explained(int id) {
    Row row = rows.get(id);
    List<Float> cam = row.getList(row.fieldIndex("cam"));
    float[] map = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      map[i] = cam.get(i);
    }
    return explained(id, new ClassMap(predicted(id), 28, 28, map), List.of());
  }

  private static Zoom cornerAligned() {
    return Zoom.cornerAligned(3, 3, 28, 28, 2);
  }

  private static int label(int id) {
    return rows.get(id).getAs("label");
  }

  private static int predicted(int id) {
    return rows.get(id).getAs("predicted");
  }

  private static float probability(int id) {
    return rows.get(id).getAs("probability");
  }

  private static String line(int id) {
    return PredictionLine.of(predicted(id), probability(id)) + "\n";
  }

  private static String name(int number) {
    return ClassNames.FASHION_MNIST.of(number);
  }

  private static Picture labelled(HeatmapOverlay overlay, ExplainedImage explained) {
    return new LabelledOverlay(overlay, RunViewerTest::name).draw(explained);
  }

  /** A class and the ids of the images that are predicted as it. */
  private record Group(int predicted, List<Integer> ids) {
    static Group largest() {
      return IntStream.range(0, 10)
          .mapToObj(Group::of)
          .max((a, b) -> Integer.compare(a.ids.size(), b.ids.size()))
          .orElseThrow();
    }

    static Group of(int predicted) {
      return new Group(
          predicted,
          IntStream.range(0, rows.size())
              .filter(id -> RunViewerTest.predicted(id) == predicted)
              .boxed()
              .toList());
    }
  }

  private void assertShown(String lines, Path file, Picture picture) throws IOException {
    assertEquals("", err);
    assertEquals(lines + file + "\n", out);
    assertArrayEquals(picture.png(), Files.readAllBytes(file));
  }

  @ParameterizedTest
  @CsvSource({"0", "66", "67", "199"}) // in all parts, at their ends
  void showCamPrintsThePredictionAndDrawsTheTablesMap(int id) throws IOException {
    assertEquals(0, show("show-cam", "--index", "" + id), err);
    assertShown(
        line(id),
        directory.resolve("tiny-cam-" + id + ".png"),
        labelled(HeatmapOverlay.byConfidence(), explained(id)));
  }

  @ParameterizedTest
  @CsvSource({"0", "5", "9"})
  void showCamDrawsAnyClass(int shownClass) throws IOException {
    assertEquals(0, show("show-cam", "--index", "3", "--class", "" + shownClass), err);
    assertShown(
        line(3),
        directory.resolve("tiny-cam-3-class-" + shownClass + ".png"),
        labelled(
            HeatmapOverlay.byConfidence(), explained(3, shownClass, cornerAligned(), List.of())));
  }

  /** PyTorch's maps at feature resolution, zoomed in double precision, over the same image. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0, 9", "8, 3", "15, 8"})
  void showCamDrawsTheReferencesMapOfAnyClass(int id, int shownClass) throws IOException {
    double[] low = Npy.golden("cam3_all_classes.npy").doubles();
    int from = (id * 10 + shownClass) * 9;
    double[] full = cornerAligned().zoom(Arrays.copyOfRange(low, from, from + 9));
    float[] map = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      map[i] = (float) full[i];
    }
    Picture expected =
        new LabelledOverlay(HeatmapOverlay.byConfidence(), RunViewerTest::name)
            .draw(explained(id, new ClassMap(shownClass, 28, 28, map), List.of()));

    assertEquals(0, show("show-cam", "--index", "" + id, "--class", "" + shownClass), err);
    BufferedImage drawn =
        ImageIO.read(
            directory.resolve("tiny-cam-" + id + "-class-" + shownClass + ".png").toFile());
    assertEquals(expected.width(), drawn.getWidth());
    assertEquals(expected.height(), drawn.getHeight());
    for (int y = 0; y < drawn.getHeight(); y++) {
      for (int x = 0; x < drawn.getWidth(); x++) {
        // Rounding to single precision takes a value at most to the next of 256 colours, which
        // differ by at most 5 in a channel, half of which is drawn.
        for (int shift = 0; shift <= 16; shift += 8) {
          int found = (drawn.getRGB(x, y) >> shift) & 0xff;
          assertEquals((expected.rgb(x, y) >> shift) & 0xff, found, 3, x + ", " + y);
        }
      }
    }
  }

  /** Maps and logits of PyTorch: the differences are those of float32, of about 10. */
  @Test
  void showCamContrastsTwoClasses() throws IOException {
    double[] low = Npy.golden("cam3_all_classes.npy").doubles();
    double[] difference = new double[9];
    for (int cell = 0; cell < 9; cell++) {
      difference[cell] = low[(2 * 10 + 9) * 9 + cell] - low[(2 * 10 + 7) * 9 + cell];
    }
    double[] full = cornerAligned().zoom(difference);
    float[] logits = Npy.golden("logits.npy").floats();

    assertEquals(0, show("show-cam", "--index", "2", "--class", "9", "--against", "7"), err);
    Matcher said =
        Pattern.compile("(?m)^Logit of 9 less that of 7 = (.*): maps (.*), biases (.*)$")
            .matcher(out);
    assertTrue(said.find(), out);
    assertEquals(logits[29] - logits[27], Double.parseDouble(said.group(1)), 1e-4);
    assertEquals(
        Arrays.stream(difference).average().orElseThrow(), Double.parseDouble(said.group(2)), 1e-4);
    BufferedImage drawn = ImageIO.read(directory.resolve("tiny-cam-2-class-9-not-7.png").toFile());
    float[] map = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      map[i] = (float) full[i];
    }
    Picture expected =
        labelled(
            HeatmapOverlay.byConfidence(),
            explained(2, new ClassMap(9, 7, 28, 28, map), List.of()));
    assertEquals(expected.width(), drawn.getWidth());
    assertEquals(expected.height(), drawn.getHeight());
  }

  @Test
  void aClassThatIsNotPredictedHasItsOwnBox() throws IOException {
    assertEquals(0, show("show-cam", "--index", "0", "--class", "7", "--box"), err);
    Zoom aligned = Zoom.receptiveFieldAligned(3, 3, 28, 28, 3.5, 8);
    float[] map = explained(0, 7, aligned, List.of()).map().values();
    List<Box> boxes = new BoxFinder(28, 28).largest(map, 0).stream().toList();
    assertEquals(1, boxes.size());
    assertShown(
        line(0),
        directory.resolve("tiny-cam-0-class-7.png"),
        labelled(HeatmapOverlay.byConfidence(), explained(0, 7, cornerAligned(), boxes)));
  }

  @Test
  void showCamDrawsAsItIsAsked() throws IOException {
    int id =
        IntStream.range(0, rows.size())
            .filter(i -> !rows.get(i).isNullAt(rows.get(i).fieldIndex("box_x0")))
            .findFirst()
            .orElseThrow();
    Row row = rows.get(id);
    Box box =
        new Box(row.getAs("box_x0"), row.getAs("box_y0"), row.getAs("box_x1"), row.getAs("box_y1"));
    Path file = directory.resolve("mine.png");
    String[] args = {
      "--index", "" + id, "--colormap", "Inferno", "--aligned", "--box", "--file", "" + file
    };
    assertEquals(0, show("show-cam", args), err);
    // Cells of 8 pixels, so their centres are at 3.5, 11.5 and 19.5.
    Zoom aligned = Zoom.receptiveFieldAligned(3, 3, 28, 28, 3.5, 8);
    assertShown(
        line(id),
        file,
        labelled(
            HeatmapOverlay.byConfidence().tinted(Tint.always(Colormap.INFERNO)),
            explained(id, predicted(id), aligned, List.of(box))));
  }

  @Test
  void showMapsDrawsTheFirstPredictedAsTheClass() throws IOException {
    Group group = Group.largest();
    List<Integer> first = group.ids.subList(0, 6);
    assertEquals(0, show("show-maps", "--class", "" + group.predicted, "--count", "6"), err);
    ContactSheet sheet =
        new ContactSheet(
            "The first 6 predicted as " + name(group.predicted),
            HeatmapOverlay.byConfidence(),
            RunViewerTest::name);
    assertShown(
        first.stream().map(RunViewerTest::line).collect(Collectors.joining()),
        directory.resolve("tiny-maps-" + group.predicted + ".png"),
        sheet.draw(first.stream().map(RunViewerTest::explained).toList()));
  }

  @Test
  void showMapsSaysWhenThereAreFewer() {
    Group group = Group.largest();
    assertTrue(group.ids.size() < 200, "more than one class is predicted");
    assertEquals(0, show("show-maps", "--class", "" + group.predicted, "--count", "200"), err);
    assertEquals(
        "%s: only %d of 200 images are predicted as %d\n"
            .formatted(run, group.ids.size(), group.predicted),
        err);
    assertEquals(group.ids.size() + 1, out.lines().count());
  }

  @Test
  void showImageDrawsTheImageAndTellsItsClass() throws IOException {
    assertEquals(0, show("show-image", "--index", "0"), err);
    // The first test image of Fashion-MNIST is an ankle boot.
    assertShown(
        "Class = 9, Ankle boot\n",
        directory.resolve("tiny-image-0.png"),
        PlainImage.standard().captioned(pixels(0), "image 0: Class = 9, Ankle boot"));
  }

  @Test
  void textIsPlainWhereThereIsNoTerminal() throws IOException {
    assertEquals(0, show(0, "show-cam", "--index", "5", "--format", "text"), err);
    HeatmapOverlay overlay = HeatmapOverlay.byConfidence();
    assertEquals(
        line(5)
            + TextRendering.ASCII.render(explained(5), overlay)
            + TextRendering.ASCII.caption(explained(5), overlay, ClassNames.FASHION_MNIST::of),
        out);
    assertFalse(out.contains("\u001b"), out);

    assertEquals(0, show(0, "show-image", "--index", "0", "--format", "text"), err);
    assertEquals("Class = 9, Ankle boot\n" + TextRendering.ASCII.render(pixels(0), overlay), out);
    assertEquals(1 + 14, out.lines().count());
    assertOnlyTheRun();
  }

  @Test
  void textIsColouredOnATerminal() throws IOException {
    Group group = Group.largest();
    String[] args = {"--class", "" + group.predicted, "--count", "2", "--format", "text"};
    assertEquals(0, show(80, "show-maps", args), err);
    String expected =
        group.ids.stream()
            .limit(2)
            .map(
                id ->
                    line(id)
                        + TextRendering.TRUECOLOR.render(
                            explained(id), HeatmapOverlay.byConfidence())
                        + TextRendering.TRUECOLOR.caption(
                            explained(id),
                            HeatmapOverlay.byConfidence(),
                            ClassNames.FASHION_MNIST::of))
            .collect(Collectors.joining());
    assertEquals(expected, out);
    assertOnlyTheRun();
  }

  private void assertOnlyTheRun() throws IOException {
    try (Stream<Path> beside = Files.list(directory)) {
      assertEquals(List.of(defaults, run), beside.sorted().toList());
    }
  }

  @Test
  void nothingIsWrittenIntoTheRun() throws IOException {
    show("show-cam", "--index", "1");
    show("show-maps", "--class", "" + predicted(0), "--count", "1");
    show("show-image", "--index", "1");
    assertEquals(
        files(made).stream().map(made::relativize).toList(),
        files(run).stream().map(run::relativize).toList());
  }

  @Test
  void theDataMayBeNamedAgain() {
    assertEquals(0, show("show-image", "--index", "0", "--data", ExtractRun.DATA), err);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "show-cam --index 200 | --index 200: out of range, this run has images 0 to 199",
        "show-image --index 10000" + " | --index 10000: out of range, this run has images 0 to 199",
        "show-cam --index 0 --class 10"
            + " | --class 10: out of range, this run has classes 0 to 9",
        "show-cam --index 0 --class 7 --against 7"
            + " | --against 7: expected a class from 0 to 9 other than 7",
        "show-maps --class 10 --count 1"
            + " | --class 10: out of range, this run has classes 0 to 9",
        "show-cam --index 0 --file RUN/a.png | --file: RUN/a.png lies inside the run, whose files"
            + " must not change; choose another place",
        "show-cam --index 0 --colormap jet"
            + " | colormap jet, expected one of viridis, greens, reds, inferno, coolwarm, gray",
      })
  void whatTheRunDoesNotHaveIsAnImpossibleArgument(String line, String why) throws IOException {
    assertFails(2, line, why);
  }

  private void assertFails(int code, String line, String why) throws IOException {
    String[] words = line.replace("RUN", run.toString()).split(" ");
    List<String> args = List.of(words).subList(1, words.length);
    assertEquals(code, show(words[0], args.toArray(String[]::new)));
    assertEquals("sparkcam: " + why.replace("RUN", run.toString()) + "\n", err);
    assertEquals("", out);
  }

  @Test
  void aDirectoryIsNoFileForThePicture() throws IOException {
    assertFails(1, "show-image --index 0 --file /", "/: is a directory, expected a file to write");
  }

  @Test
  void aMissingDirectoryForThePictureIsFoundFirst() throws IOException {
    assertFails(
        1,
        "show-cam --index 0 --file " + directory + "/no/a.png",
        directory + "/no/a.png: there is no directory " + directory + "/no");
  }

  @Test
  void aMissingRunIsOneLine() throws IOException {
    run = directory.resolve("none");
    assertFails(1, "show-cam --index 0", "RUN: there is no such run");
  }

  @Test
  void aHalfWrittenRunIsOneLine() throws IOException {
    Files.delete(run.resolve("manifest.json"));
    assertFails(
        1, "show-maps --class 1 --count 1", "RUN: not a published run: it has no manifest.json");
  }

  @Test
  void aRunWithoutExplanationsIsOneLine() throws IOException {
    ManifestText.edit(
        run,
        text ->
            text.replaceFirst(
                "(?s)\"tables\" : \\[.*\\],\n  \"files\"", "\"tables\" : [ ],\n  \"files\""));
    assertFails(1, "show-image --index 0", "RUN: this run trained a model and explained no images");
  }

  @Test
  void otherDataThanTheRunsIsRefused() throws Exception {
    Path other = Files.createDirectory(directory.resolve("data"));
    for (Path file : files(Path.of(ExtractRun.DATA))) {
      Files.copy(file, other.resolve(file.getFileName()));
    }
    Path images = other.resolve("t10k-images-idx3-ubyte.gz");
    byte[] content;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(images))) {
      content = in.readAllBytes();
    }
    content[16] ^= 1;
    Files.delete(images);
    Files.write(other.resolve("t10k-images-idx3-ubyte"), content);
    assertFails(
        1,
        "show-cam --index 0 --data " + other,
        "%s/t10k-images-idx3-ubyte: not the input of run RUN: SHA-256 %s, expected %s of %s"
            .formatted(
                other,
                sha256(other.resolve("t10k-images-idx3-ubyte")),
                sha256(Path.of(ExtractRun.DATA, "t10k-images-idx3-ubyte.gz")),
                "t10k-images-idx3-ubyte.gz"));
  }

  private static String sha256(Path file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }
}
