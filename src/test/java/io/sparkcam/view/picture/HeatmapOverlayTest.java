package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.cam.Box;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HeatmapOverlayTest {
  private static final int LINES = 5;

  /** Each case of reference.py: its five lines. */
  static Stream<List<String>> matplotlibs() {
    List<String> lines = Samples.reference("overlays.txt");
    return IntStream.range(0, lines.size() / LINES)
        .mapToObj(i -> lines.subList(i * LINES, (i + 1) * LINES));
  }

  @ParameterizedTest
  @MethodSource("matplotlibs")
  void everyPixelIsMatplotlibs(List<String> lines) {
    String[] settings = lines.get(0).split(" ", -1);
    int[] shape = Stream.of(lines.get(1).split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    float[] map = new float[shape[1] * shape[2]];
    ByteBuffer.wrap(HexFormat.of().parseHex(lines.get(3))).asFloatBuffer().get(map);
    byte[] expected = HexFormat.of().parseHex(lines.get(4));

    HeatmapOverlay overlay =
        HeatmapOverlay.byConfidence().tinted(Tint.always(Colormap.named(settings[1])));
    if (settings.length > 2) {
      overlay =
          overlay.scaledTo(
              new Scale(Double.parseDouble(settings[2]), Double.parseDouble(settings[3])));
    }
    Picture drawn =
        overlay
            .sized(1)
            .draw(
                new ExplainedImage(
                    0,
                    0,
                    0,
                    1,
                    new ImagePixels(
                        shape[1], shape[2], shape[0], HexFormat.of().parseHex(lines.get(2))),
                    new ClassMap(0, shape[1], shape[2], map),
                    List.of()));

    assertEquals(expected.length, 3 * drawn.width() * drawn.height());
    for (int i = 0; i < map.length; i++) {
      int rgb = drawn.rgb(i % shape[2], i / shape[2]);
      String place = settings[0] + ", pixel " + i;
      // 2: one from the colormaps, one from matplotlib's 127/255 for a half and its rounding down
      // after each layer.
      assertEquals(Byte.toUnsignedInt(expected[3 * i]), Colour.red(rgb), 2, place);
      assertEquals(Byte.toUnsignedInt(expected[3 * i + 1]), Colour.green(rgb), 2, place);
      assertEquals(Byte.toUnsignedInt(expected[3 * i + 2]), Colour.blue(rgb), 2, place);
    }
  }

  @Test
  void isGreenAboveTheThresholdAndRedFromItDown() {
    HeatmapOverlay greens = HeatmapOverlay.byConfidence().tinted(Tint.always(Colormap.GREENS));
    HeatmapOverlay reds = HeatmapOverlay.byConfidence().tinted(Tint.always(Colormap.REDS));
    ExplainedImage above = Samples.coat(0, Math.nextUp(0.95f), 28);
    ExplainedImage at = Samples.coat(0, 0.95f, 28);
    assertArrayEquals(greens.draw(above).png(), HeatmapOverlay.byConfidence().draw(above).png());
    assertArrayEquals(reds.draw(at).png(), HeatmapOverlay.byConfidence().draw(at).png());
  }

  @ParameterizedTest
  @CsvSource({
    "28, 28, 364, 364",
    "32, 32, 352, 352",
    "3, 3, 363, 363",
    "1, 1, 364, 364",
    "100, 20, 300, 60",
    "20, 100, 60, 300",
    "224, 224, 224, 224",
    "400, 10, 400, 10"
  })
  void isEnlargedByAWholeFactor(int height, int width, int drawnHeight, int drawnWidth) {
    ExplainedImage explained =
        new ExplainedImage(
            0, 0, 0, 1, Samples.image(height, width), Samples.map(0, height, width), List.of());
    Picture drawn = HeatmapOverlay.byConfidence().draw(explained);
    assertEquals(drawnHeight, drawn.height());
    assertEquals(drawnWidth, drawn.width());
  }

  @Test
  void everyPixelBecomesASquare() {
    ExplainedImage explained = Samples.coat(0, 0.5f, 28);
    Picture small = HeatmapOverlay.byConfidence().sized(28).draw(explained);
    Picture large = HeatmapOverlay.byConfidence().sized(120).draw(explained);
    assertEquals(112, large.width());
    for (int y = 0; y < 112; y++) {
      for (int x = 0; x < 112; x++) {
        assertEquals(small.rgb(x / 4, y / 4), large.rgb(x, y));
      }
    }
  }

  @Test
  void onASharedScaleTheSameValueHasTheSameColourInEveryImage() {
    ImagePixels image = new ImagePixels(1, 2, 1, new byte[] {5, 5});
    ExplainedImage weak =
        new ExplainedImage(0, 0, 0, 1, image, new ClassMap(0, 1, 2, new float[] {0, 4}), List.of());
    ExplainedImage strong =
        new ExplainedImage(1, 0, 0, 1, image, new ClassMap(0, 1, 2, new float[] {4, 9}), List.of());
    HeatmapOverlay own = HeatmapOverlay.byConfidence().sized(1);
    HeatmapOverlay shared = own.scaledTo(Scale.spanning(List.of(weak.map(), strong.map())));
    assertEquals(shared.draw(weak).rgb(1, 0), shared.draw(strong).rgb(0, 0));
    assertNotEquals(own.draw(weak).rgb(1, 0), own.draw(strong).rgb(0, 0));
  }

  @Test
  void aBoxIsOutlinedInsideItsOwnPixels() {
    ExplainedImage plain = Samples.coat(0, 0.5f, 28);
    ExplainedImage boxed =
        new ExplainedImage(
            0, 2, 2, 0.5f, plain.image(), plain.map(), List.of(new Box(2, 3, 10, 20)));
    Picture without = HeatmapOverlay.byConfidence().draw(plain);
    Picture with = HeatmapOverlay.byConfidence().draw(boxed);
    int changed = 0;
    for (int y = 0; y < 364; y++) {
      for (int x = 0; x < 364; x++) {
        // The rectangle's distance to its own edge, in screen pixels; negative outside.
        int depth = Math.min(Math.min(x - 26, 129 - x), Math.min(y - 39, 259 - y));
        int expected =
            switch (depth) {
              case 0, 1 -> Colour.INK;
              case 2, 3 -> Colour.WHITE;
              default -> without.rgb(x, y);
            };
        assertEquals(expected, with.rgb(x, y), x + ", " + y);
        changed += without.rgb(x, y) == with.rgb(x, y) ? 0 : 1;
      }
    }
    assertEquals(4 * (2 * 104 + 2 * 221 - 4 * 4), changed);
  }

  @Test
  void aBoxOfOnePixelStillFits() {
    ExplainedImage plain = Samples.coat(0, 0.5f, 3);
    ExplainedImage boxed =
        new ExplainedImage(0, 2, 2, 0.5f, plain.image(), plain.map(), List.of(new Box(2, 2, 3, 3)));
    assertEquals(Colour.INK, HeatmapOverlay.byConfidence().sized(3).draw(boxed).rgb(2, 2));
  }

  @Test
  void theSameInputMakesTheSameFile() {
    assertArrayEquals(
        HeatmapOverlay.byConfidence().draw(Samples.coat(0, 0.5f, 28)).png(),
        HeatmapOverlay.byConfidence().draw(Samples.coat(0, 0.5f, 28)).png());
  }

  @Test
  void refusesToDrawNothing() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> HeatmapOverlay.byConfidence().sized(0));
    assertEquals("overlay of 0 pixels, expected at least 1", e.getMessage());
  }
}
