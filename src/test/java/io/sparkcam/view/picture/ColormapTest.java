package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColormapTest {
  @ParameterizedTest
  @EnumSource
  void everyColourIsMatplotlibs(Colormap colormap) {
    String[] line =
        Samples.reference("colormaps.txt").stream()
            .map(each -> each.split(" ", -1))
            .filter(words -> Colormap.named(words[0]) == colormap)
            .findFirst()
            .orElseThrow();
    byte[] expected = HexFormat.of().parseHex(line[1]);
    for (int i = 0; i < 256; i++) {
      int argb = colormap.argb((i + 0.5) / 256);
      assertEquals(0xff, argb >>> 24);
      // 1: the tables hold every fifth colour of the long maps, and matplotlib rounds down to
      // bytes.
      assertEquals(Byte.toUnsignedInt(expected[3 * i]), Colour.red(argb), 1, "red of " + i);
      assertEquals(Byte.toUnsignedInt(expected[3 * i + 1]), Colour.green(argb), 1, "green of " + i);
      assertEquals(Byte.toUnsignedInt(expected[3 * i + 2]), Colour.blue(argb), 1, "blue of " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void positionsBeyondTheEndsTakeTheColoursOfTheEnds(Colormap colormap) {
    assertEquals(colormap.argb(0), colormap.argb(-0.3));
    assertEquals(colormap.argb(0), colormap.argb(Double.NEGATIVE_INFINITY));
    assertEquals(colormap.argb(1), colormap.argb(1.7));
    assertEquals(colormap.argb(1), colormap.argb(0.999));
  }

  @Test
  void whatHasNoValueIsTransparent() {
    assertEquals(0, Colormap.VIRIDIS.argb(Double.NaN));
    assertEquals(Colormap.BAD, Colormap.VIRIDIS.argb(Double.NaN));
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsNameInAnyCase(Colormap colormap) {
    assertEquals(colormap, Colormap.named(colormap.label()));
    assertEquals(colormap, Colormap.named(colormap.name()));
  }

  @Test
  void anUnknownNameListsTheChoices() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Colormap.named("jet"));
    assertEquals(
        "colormap jet, expected one of viridis, greens, reds, inferno, coolwarm, gray",
        e.getMessage());
  }
}
