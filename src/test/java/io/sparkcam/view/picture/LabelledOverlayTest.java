package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledOverlayTest {
  private static final LabelledOverlay LABELLED =
      new LabelledOverlay(HeatmapOverlay.byConfidence(), Samples.NAMES);

  @Test
  void saysWhatTheImageIsAndWhatItWasTakenFor() {
    Picture picture = LABELLED.draw(Samples.coat(1234, 0.9998739f, 28));
    assertShows(picture, "image 1234");
    assertShows(picture, "true: Coat");
    assertShows(picture, "predicted: Coat");
    assertShows(picture, "probability: 0.9998739");
  }

  @Test
  void setsAMistakeInRed() {
    Picture picture = LABELLED.draw(Samples.mistake(3));
    assertShows(picture, "true: Trouser");
    assertTrue(Samples.shows(picture, "predicted: Coat", TextBlock.SIZE, Colour.WRONG));
  }

  @Test
  void leavesOutATrueClassThatIsNotKnown() {
    Picture picture =
        LABELLED.draw(
            new ExplainedImage(
                3,
                ExplainedImage.UNKNOWN,
                2,
                0.5f,
                Samples.image(28, 28),
                Samples.map(2, 28, 28),
                List.of()));
    assertFalse(Samples.shows(picture, "true:", TextBlock.SIZE, Colour.INK));
    assertTrue(Samples.shows(picture, "predicted: Coat", TextBlock.SIZE, Colour.INK));
  }

  @Test
  void explainsItsColours() {
    Picture picture = LABELLED.draw(Samples.coat(0, 0.99f, 28));
    assertShows(picture, "low 0");
    assertShows(picture, "high 27");
    assertShows(picture, "evidence for Coat");
    assertShows(picture, "green: probability above 0.95,");
    assertShows(picture, "red: 0.95 or below");
  }

  @Test
  void namesTheClassOfTheMapEvenIfAnotherOneWasPredicted() {
    ExplainedImage explained =
        new ExplainedImage(0, 2, 2, 0.5f, Samples.image(28, 28), Samples.map(0, 28, 28), List.of());
    assertShows(LABELLED.draw(explained), "evidence for T-shirt/top");
  }

  @Test
  void aSharedScaleIsTheOneThatIsPrinted() {
    HeatmapOverlay overlay =
        HeatmapOverlay.byConfidence()
            .scaledTo(new Scale(-2.5, 1234))
            .tinted(Tint.always(Colormap.INFERNO));
    Picture picture = new LabelledOverlay(overlay, Samples.NAMES).draw(Samples.coat(0, 0.99f, 28));
    assertShows(picture, "low -2.5");
    assertShows(picture, "high 1230");
    assertFalse(Samples.shows(picture, "red:", TextBlock.SIZE, Colour.INK));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 28, 224, 500})
  void holdsTheOverlayWholeAndItsTextWhateverTheSize(int side) {
    Picture picture = LABELLED.draw(Samples.coat(0, 0.5f, side));
    Picture overlay = HeatmapOverlay.byConfidence().draw(Samples.coat(0, 0.5f, side));
    assertEquals(Math.max(364, overlay.width()) + 24, picture.width());
    assertShows(picture, "evidence for Coat");
    int left = (picture.width() - overlay.width()) / 2;
    // Below a margin of 12, four lines of 22 and a gap of 6.
    for (int y = 0; y < overlay.height(); y++) {
      for (int x = 0; x < overlay.width(); x++) {
        assertEquals(overlay.rgb(x, y), picture.rgb(left + x, 106 + y));
      }
    }
  }

  @Test
  void theSameInputMakesTheSameFile() {
    assertArrayEquals(
        LABELLED.draw(Samples.mistake(3)).png(), LABELLED.draw(Samples.mistake(3)).png());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "27, 27",
    "14.71415, 14.7",
    "-2.6146, -2.61",
    "0.2773716, 0.277",
    "1234.5, 1230",
    "0.00012345, 0.000123",
    "0.000000012345, 1.23E-8",
    "123456789, 1.23E+8"
  })
  void valuesHaveThreeSignificantDigits(double value, String printed) {
    assertEquals(printed, Legend.number(value));
  }

  private static void assertShows(Picture picture, String text) {
    assertTrue(Samples.shows(picture, text, TextBlock.SIZE, Colour.INK), text);
  }
}
