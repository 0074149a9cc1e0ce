package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BitmapFontTest {
  @Test
  void everyPrintableCharacterHasAGlyphOfItsOwn() {
    Set<String> glyphs = new HashSet<>();
    for (char character = ' '; character <= 127; character++) {
      assertTrue(glyphs.add(glyph(character)), "glyph of " + character);
    }
  }

  @Test
  void lettersLookAsTheyShould() {
    assertEquals(
        """
        .....
        .....
        .####
        #...#
        #...#
        #...#
        .####
        ....#
        .###.
        """,
        glyph('g'));
  }

  @Test
  void textIsBrokenAtSpacesWhereItCanBe() {
    assertEquals(
        List.of("evidence for", "Ankle boot"), BitmapFont.wrapped("evidence for Ankle boot", 12));
    assertEquals(List.of("abcd", "efgh", "i"), BitmapFont.wrapped("abcdefghi", 4));
    assertEquals(List.of("exactly ten"), BitmapFont.wrapped("exactly ten", 11));
    assertEquals(List.of(""), BitmapFont.wrapped("", 11));
  }

  @Test
  void longLinesEndInTwoDots() {
    assertEquals("T-shir..", BitmapFont.elided("T-shirt/top", 8));
    assertEquals("T-shirt/top", BitmapFont.elided("T-shirt/top", 11));
  }

  @Test
  void whatHasNoGlyphBecomesALetterWithoutItsAccentOrABox() {
    assertEquals("Cafe a la creme", BitmapFont.printable("Café\tà la crème"));
    assertEquals("\u007f\u007f\u007f", BitmapFont.printable("靴\u0007👢"));
  }

  @Test
  void asManyCharactersFitAsAreNotWiderThanTheRoom() {
    assertEquals(59, BitmapFont.width("12345", 2) + 1);
    assertEquals(5, BitmapFont.columns(58, 2));
    assertEquals(4, BitmapFont.columns(57, 2));
  }

  private static String glyph(char character) {
    StringBuilder glyph = new StringBuilder();
    for (int row = 0; row < BitmapFont.GLYPH_HEIGHT; row++) {
      for (int column = 0; column < BitmapFont.GLYPH_WIDTH; column++) {
        glyph.append(BitmapFont.inked(character, column, row) ? '#' : '.');
      }
      glyph.append('\n');
    }
    return glyph.toString();
  }
}
