package io.sparkcam.view.html;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.view.html.RunReport.Audit;
import io.sparkcam.view.html.RunReport.CellRanking;
import io.sparkcam.view.html.RunReport.Fact;
import io.sparkcam.view.html.RunReport.Faithfulness;
import io.sparkcam.view.html.RunReport.Mistake;
import io.sparkcam.view.html.RunReport.OfClass;
import io.sparkcam.view.html.RunReport.OfPair;
import io.sparkcam.view.html.RunReport.OfReason;
import io.sparkcam.view.html.RunReport.Origin;
import io.sparkcam.view.html.RunReport.Removal;
import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.ExplainedImage;
import io.sparkcam.view.picture.ImagePixels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlReportTest {
  private static final ConfusionCounts LABELLED =
      new ConfusionCounts(new long[][] {{7, 3}, {0, 2}});
  private static final ConfusionCounts UNLABELLED = new ConfusionCounts(new long[2][2]);
  private static final List<Epoch> EPOCHS =
      List.of(new Epoch(1, 1.25, 0.5, 1.5, 0.4), new Epoch(2, 0.75, 0.625, 0.875, 0.6));

  private static String page(RunReport report) throws IOException {
    return new String(bytes(report), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(RunReport report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HtmlReport.write(report, out);
    return out.toByteArray();
  }

  /** Where every text that a data set or a user chooses is this one, made unlike by a number. */
  private static RunReport saying(String text, ConfusionCounts confusion, List<Epoch> epochs) {
    boolean labelled = confusion.images() > 0;
    List<Fact> facts = List.of(new Fact(text, text));
    return new RunReport(
        new Origin(text, "2026-01-31T12:00:00Z", text, text, facts, facts, facts, facts),
        List.of(text + 0, text + 1),
        epochs,
        0.5,
        confusion,
        labelled ? List.of(new Mistake(image(4, 0, 1), map(0, 1), List.of(map(1, 1)))) : List.of(),
        labelled ? List.of(image(5, 0, 0)) : List.of(),
        List.of(
            new OfClass(0, 7, map(0, 1), map(0, 2), List.of(image(5, labelled ? 0 : -1, 0))),
            new OfClass(1, 5, map(1, 1), map(1, 2), List.of(image(4, labelled ? 0 : -1, 1)))),
        labelled
            ? List.of(new OfPair(0, 1, 3, map(1, 1), List.of(map(1, 2)), List.of(image(4, 0, 1))))
            : List.of(),
        new Audit(12, 0, 1, 2e-6, -1, 3),
        List.of(new Faithfulness(text, 0.25, 0.125, 4, 0.75, 0.5, 0.375)),
        List.of(new CellRanking(text, 12, 0.75, 0.5)),
        List.of(
            new OfReason(
                0,
                0,
                5,
                7,
                labelled ? 4 : -1,
                0.5,
                map(0, 1),
                List.of(image(5, labelled ? 0 : -1, 0)))),
        List.of(new Fact(text, "0.1")),
        List.of(new Removal(text, 0, 0.75), new Removal(text, 0.5, 0.5)),
        Map.of(4L, text));
  }

  private static RunReport report() {
    return saying("name", LABELLED, EPOCHS);
  }

  private static ExplainedImage image(long id, int label, int predicted) {
    ImagePixels pixels = new ImagePixels(2, 2, 1, new byte[] {0, 50, 100, (byte) 200});
    return new ExplainedImage(
        id, label, predicted, 0.9998739f, pixels, map(predicted, 1), List.of());
  }

  private static ClassMap map(int number, float slope) {
    return new ClassMap(number, 2, 2, new float[] {0, slope, 2 * slope, 3 * slope});
  }

  private static List<String> found(String page, String regex) {
    return Pattern.compile(regex).matcher(page).results().map(MatchResult::group).toList();
  }

  /** The tags, each once: what no text may add to. */
  private static Set<String> tags(String page) {
    return new HashSet<>(found(page, "<[a-zA-Z!/][^ >\\n]*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</title><style>*{display:none}</style>",
        "{{origin.runId}}",
        "&lt;b&gt;",
      })
  void whatIsNamedAddsNoMarkup(String text) throws IOException {
    String page = page(saying(text, LABELLED, EPOCHS));
    assertEquals(tags(page(report())), tags(page));
    assertTrue(page.contains(escaped(text + 0)), page);
    assertEquals(text.equals(escaped(text)), page.contains(text + 0));
  }

  /** As JMustache spells it. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;")
        .replace("=", "&#x3D;");
  }

  @Test
  void nothingIsLoadedAndNothingRuns() throws IOException {
    String page = page(report());
    assertTrue(page.contains("content=\"default-src 'none'; img-src data:; style-src 'unsafe-in"));
    assertFalse(page.contains("<script"), "no script");
    assertEquals(
        List.of(),
        found(page, "(src|href)=\"[^\"]{5}").stream()
            .filter(link -> !link.startsWith("src=\"data:") && !link.startsWith("href=\"data:"))
            .filter(link -> !link.startsWith("href=\"#"))
            .toList());
    assertFalse(page.contains("url("), "no style loads");
  }

  @Test
  void everyLinkLeadsSomewhereAndEveryPlaceHasOneName() throws IOException {
    String page = page(report());
    List<String> names = found(page, "(?<= id=\")[^\"]+");
    assertEquals(names.size(), new HashSet<>(names).size(), names::toString);
    Set<String> links = new HashSet<>(found(page, "(?<=href=\"#)[^\"]+"));
    assertTrue(links.containsAll(Set.of("mistake-1", "pair-0-1", "class-0")), links::toString);
    links.removeAll(names);
    assertEquals(Set.of(), links);
  }

  @Test
  void everyPictureIsDescribed() throws IOException {
    String page = page(report());
    List<String> pictures = found(page, "<img [^>]*>");
    assertFalse(pictures.isEmpty());
    for (String picture : pictures) {
      assertTrue(picture.matches(".* alt=\"[^\"]+\">"), picture);
    }
  }

  @Test
  void matrixCountsAndLinks() throws IOException {
    String page = page(report());
    assertTrue(
        page.contains("<a href=\"#pair-0-1\" title=\"name0 taken for name1: 3 images\">3</a>"),
        page);
    assertTrue(
        page.contains("<a href=\"#class-0\" title=\"name0 recognised: 7 images\">7</a>"), page);
    assertTrue(page.contains("<b>0.7500</b> <span>9 of 12</span>"), page);
  }

  @Test
  void ofManyClassesTheMatrixShowsThoseOfMostMistakes() {
    long[][] counts = new long[1000][1000];
    counts[998][3] = 5;
    counts[3][3] = 5;
    List<String> names = IntStream.range(0, 1000).mapToObj(Integer::toString).toList();
    ConfusionGrid grid = ConfusionGrid.of(new ConfusionCounts(counts), names, Set.of());
    assertEquals("960", grid.leftOut());
    assertEquals("998", grid.lines().get(39).name());
    assertEquals("5", grid.lines().get(39).cells().get(3).count());
    assertEquals("0.500", grid.columns().get(3).precision());
  }

  @Test
  void withoutLabelsThePartsThatNeedThemSaySo() throws IOException {
    String page = page(saying("name", UNLABELLED, EPOCHS));
    assertTrue(page.contains("needs labels, the data has none"), page);
    assertTrue(page.contains("Only labels tell mistakes, and the data has none."), page);
    assertTrue(page.contains("Only labels tell hits, and the data has none."), page);
    assertEquals(2, found(page, "Only labels tell what was confused").size());
    assertFalse(page.contains("class=\"matrix\""), "no matrix");
    assertFalse(page.contains("precision"), "no precision");
    assertTrue(page.contains("id=\"class-1\""), "what was predicted is shown");
  }

  @Test
  void faithfulnessIsInFigures() throws IOException {
    assertTrue(
        page(report())
            .contains(
                "<tr><th scope=\"row\">name</th><td>0.2500</td><td>0.1250</td><td>4</td>"
                    + "<td>0.7500</td><td>0.5000</td><td>0.3750</td></tr>"));
  }

  @Test
  void aModelThatWasGivenHasNoCurves() throws IOException {
    String page = page(saying("name", LABELLED, List.of()));
    assertTrue(page.contains("The model was given, not trained in this run"), page);
    assertFalse(page.contains("chart-loss"), "no chart of training");
  }

  @Test
  void curvesStandAtTheirValues() {
    LineChart chart = LineChart.of("loss", "Loss", EPOCHS, Epoch::loss, Epoch::valLoss);
    // From 0.6 to 1.6 in steps of 0.2: 158 units, the lower end at 170.
    assertEquals(
        List.of("0.6", "0.8", "1.0", "1.2", "1.4", "1.6"),
        chart.up().stream().map(LineChart.Tick::text).toList());
    assertEquals(
        List.of("52.0,67.3 338.0,146.3", "52.0,27.8 338.0,126.6"),
        chart.curves().stream().map(LineChart.Curve::line).toList());
    assertEquals("Loss. training, epoch 2: 0.7500; validation, epoch 2: 0.8750.", chart.summary());
  }

  @Test
  void withoutValidationThereIsOneCurve() {
    List<Epoch> epochs = List.of(new Epoch(1, 1.25, 0.5, Double.NaN, Double.NaN));
    LineChart chart = LineChart.of("loss", "Loss", epochs, Epoch::loss, Epoch::valLoss);
    assertEquals(List.of("training"), chart.curves().stream().map(LineChart.Curve::kind).toList());
  }

  @Test
  void sameContentSameBytes() throws IOException {
    assertArrayEquals(bytes(report()), bytes(report()));
  }
}
