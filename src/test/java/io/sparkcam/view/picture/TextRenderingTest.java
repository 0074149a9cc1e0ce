package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextRenderingTest {
  @Test
  void asciiRunsFromBlankToAt() {
    byte[] grey = new byte[20];
    float[] map = new float[20];
    for (int i = 0; i < 20; i++) {
      grey[i] = (byte) (i % 10 * 20);
      map[i] = -(i % 10);
    }
    assertEquals(
        " .:-=+*#%@   @%#*+=-:. \n",
        TextRendering.ASCII.render(explained(2, 10, 1, grey, map), HeatmapOverlay.byConfidence()));
  }

  @Test
  void twoRowsShareALineAndTheLastMayStandAlone() {
    byte[] grey = {0, (byte) 255, 0};
    float[] map = {Float.NaN, Float.NaN, 1};
    // Half bright is a +; the map's only value is the low end of its scale.
    assertEquals(
        "+    \n     \n",
        TextRendering.ASCII.render(explained(3, 1, 1, grey, map), HeatmapOverlay.byConfidence()));
  }

  @Test
  void asciiFollowsASharedScale() {
    byte[] grey = {0, 0, 0, 0};
    float[] map = {5, 10, 5, 10};
    assertEquals(
        "     +@\n",
        TextRendering.ASCII.render(
            explained(2, 2, 1, grey, map),
            HeatmapOverlay.byConfidence().scaledTo(new Scale(0, 10))));
  }

  @Test
  void colourPutsTheUpperPixelOverTheLower() {
    byte[] rgb = {1, 4, (byte) 200, 2, 5, (byte) 255, 3, 6, 0};
    ExplainedImage explained = explained(3, 1, 3, rgb, new float[3]);
    Picture overlay = HeatmapOverlay.byConfidence().sized(1).draw(explained);
    assertEquals(
        "\u001b[38;2;1;2;3m\u001b[48;2;4;5;6m▀\u001b[0m   "
            + escape(38, overlay.rgb(0, 0))
            + escape(48, overlay.rgb(0, 1))
            + "▀\u001b[0m\n"
            + "\u001b[38;2;200;255;0m▀\u001b[0m   "
            + escape(38, overlay.rgb(0, 2))
            + "▀\u001b[0m\n",
        TextRendering.TRUECOLOR.render(explained, HeatmapOverlay.byConfidence()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 28, 36, 37, 224, 500})
  void fitsAnEightyColumnTerminal(int side) {
    String text =
        TextRendering.ASCII.render(Samples.coat(0, 0.5f, side), HeatmapOverlay.byConfidence());
    assertTrue(text.lines().mapToInt(String::length).max().getAsInt() <= 75);
    assertTrue(text.lines().count() <= 18);
  }

  @Test
  void captionTellsWhoseEvidenceIsShownAndWhatTheEndsMean() {
    ExplainedImage other =
        new ExplainedImage(
            17,
            0,
            1,
            0.5f,
            new ImagePixels(1, 2, 1, new byte[2]),
            new ClassMap(2, 1, 2, new float[] {-2.3141f, 7.18f}),
            List.of());
    List<String> names = List.of("Coat", "Dress", "Shirt");
    assertEquals(
        "image 17, true: Coat; evidence for Shirt from -2.31 (blank) to 7.18 (@)\n",
        TextRendering.ASCII.caption(other, HeatmapOverlay.byConfidence(), names::get));
    assertEquals(
        "image 17, true: Coat; evidence for Shirt from -2.31 to 7.18;"
            + " green: probability above 0.95, red: 0.95 or below\n",
        TextRendering.TRUECOLOR.caption(other, HeatmapOverlay.byConfidence(), names::get));
    assertEquals(
        "image 17, true: Coat; evidence for Shirt from -2.31 to 7.18\n",
        TextRendering.TRUECOLOR.caption(
            other,
            HeatmapOverlay.byConfidence().tinted(Tint.always(Colormap.VIRIDIS)),
            names::get));
  }

  private static ExplainedImage explained(
      int height, int width, int channels, byte[] pixels, float[] map) {
    return new ExplainedImage(
        0,
        0,
        0,
        1,
        new ImagePixels(height, width, channels, pixels),
        new ClassMap(0, height, width, map),
        List.of());
  }

  private static String escape(int plane, int rgb) {
    return "\u001b["
        + plane
        + ";2;"
        + Colour.red(rgb)
        + ";"
        + Colour.green(rgb)
        + ";"
        + Colour.blue(rgb)
        + "m";
  }
}
