package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContactSheetTest {
  private static final ContactSheet SHEET =
      new ContactSheet(
          "first images predicted as Coat", HeatmapOverlay.byConfidence(), Samples.NAMES);

  @ParameterizedTest
  @CsvSource({"1, 364", "2, 568", "4, 568", "5, 604", "36, 1216", "37, 832", "200, 1792"})
  void isAsManyTilesAcrossAsDown(int count, int width) {
    Picture sheet = SHEET.draw(coats(count));
    assertEquals(width + 24, sheet.width());
    assertTrue(sheet.height() < 2200, "height " + sheet.height());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20, 60})
  void showsEveryImageInOrder(int count) {
    List<ExplainedImage> images =
        LongStream.range(0, count)
            .mapToObj(i -> Samples.coat(i, i % 2 == 0 ? 0.99f : 0.5f, 28))
            .toList();
    Picture sheet = SHEET.draw(images);
    int size = count <= 36 ? 2 : 1;
    assertTrue(Samples.shows(sheet, "#0 0.9900", size, Colour.INK));
    for (ExplainedImage image : images) {
      assertTrue(
          Samples.shows(sheet, "#" + image.id() + " 0.", size, Colour.INK), "image " + image.id());
    }
  }

  @Test
  void setsTheTrueClassOfAMistakeInRed() {
    Picture sheet = SHEET.draw(List.of(Samples.coat(0, 0.99f, 28), Samples.mistake(1)));
    assertTrue(Samples.shows(sheet, "true Trouser", 2, Colour.WRONG));
    assertFalse(Samples.shows(sheet, "true Coat", 2, Colour.WRONG));
  }

  @Test
  void hasOneTitleAndOneLegend() {
    Picture sheet = SHEET.draw(coats(9));
    assertTrue(Samples.shows(sheet, "first images predicted as Coat", TextBlock.SIZE, Colour.INK));
    assertTrue(Samples.shows(sheet, "evidence for Coat, each image", TextBlock.SIZE, Colour.INK));
    assertTrue(
        Samples.shows(
            sheet,
            "green: probability above 0.95, red: 0.95 or below",
            TextBlock.SIZE,
            Colour.INK));
  }

  @Test
  void printsTheEndsOfASharedScale() {
    ContactSheet shared =
        new ContactSheet(
            "t",
            HeatmapOverlay.byConfidence()
                .scaledTo(new Scale(-3, 30))
                .tinted(Tint.always(Colormap.GRAY)),
            Samples.NAMES);
    Picture sheet = shared.draw(coats(2));
    assertTrue(Samples.shows(sheet, "low -3", TextBlock.SIZE, Colour.INK));
    assertTrue(Samples.shows(sheet, "high 30", TextBlock.SIZE, Colour.INK));
    assertFalse(Samples.shows(sheet, "scale of its own", TextBlock.SIZE, Colour.INK));
  }

  @Test
  void saysWhoseEvidenceItIsWhenTheMapsAreOfDifferentClasses() {
    ExplainedImage coat = Samples.coat(0, 0.5f, 28);
    ExplainedImage trousers =
        new ExplainedImage(1, 1, 1, 0.5f, coat.image(), Samples.map(1, 28, 28), List.of());
    ExplainedImage other =
        new ExplainedImage(2, 1, 1, 0.5f, coat.image(), Samples.map(0, 28, 28), List.of());
    assertTrue(
        Samples.shows(
            SHEET.draw(List.of(coat, trousers)),
            "evidence for the predicted class,",
            TextBlock.SIZE,
            Colour.INK));
    assertTrue(
        Samples.shows(
            SHEET.draw(List.of(coat, other)),
            "evidence for one class each,",
            TextBlock.SIZE,
            Colour.INK));
  }

  @Test
  void tilesAreOverlaysInTheSizeOfTheTile() {
    Picture sheet = SHEET.draw(coats(1));
    Picture overlay = HeatmapOverlay.byConfidence().sized(280).draw(Samples.coat(0, 0.99f, 28));
    // A margin of 12 and half of what 280 leaves of 364; a margin, a line of 22 and a gap of 6.
    for (int y = 0; y < 280; y++) {
      for (int x = 0; x < 280; x++) {
        assertEquals(overlay.rgb(x, y), sheet.rgb(54 + x, 40 + y));
      }
    }
  }

  @Test
  void largeImagesAreShrunkToTheTile() {
    Picture sheet = SHEET.draw(Collections.nCopies(40, Samples.coat(0, 0.99f, 300)));
    assertEquals(SHEET.draw(coats(40)).width(), sheet.width());
    assertEquals(SHEET.draw(coats(40)).height(), sheet.height());
  }

  @Test
  void theSameInputMakesTheSameFile() {
    assertArrayEquals(SHEET.draw(coats(7)).png(), SHEET.draw(coats(7)).png());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 201})
  void refusesTooFewAndTooMany(int count) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> SHEET.draw(coats(count)));
    assertEquals("contact sheet of " + count + " images, expected 1 to 200", e.getMessage());
  }

  private static List<ExplainedImage> coats(int count) {
    return Collections.nCopies(count, Samples.coat(0, 0.99f, 28));
  }
}
