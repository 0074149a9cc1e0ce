package io.sparkcam.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.network.ModelOptions.ChannelOrder;
import io.sparkcam.network.ModelOptions.PixelForm;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelOptionsTest {
  /** One pixel of red 255, green 51, blue 0, as the published formulas give it. */
  @ParameterizedTest
  @CsvSource({
    "UNIT, AUTO, 1, 0.2, 0",
    "SIGNED, AUTO, 1, -0.6, -1",
    "RAW, AUTO, 255, 51, 0",
    "RAW, BGR, 0, 51, 255",
    "IMAGENET, AUTO, 2.2489083, -1.1428572, -1.8044444",
    "CAFFE, AUTO, -103.939, -65.779, 131.32",
    "CAFFE, RGB, 131.32, -65.779, -103.939"
  })
  void formsAreThePublishedOnes(
      PixelForm form, ChannelOrder order, float first, float second, float third) {
    ModelOptions options =
        new ModelOptions(form, Optional.empty(), List.of(), List.of(), order, Optional.empty());
    assertArrayEquals(new float[] {first, second, third}, scaled(options), 2e-6f * 255);
  }

  @Test
  void numbersApplyInTheModelsOrder() {
    ModelOptions options =
        new ModelOptions(
            PixelForm.AUTO,
            Optional.of(1 / 51.0),
            List.of(1.0, 2.0, 3.0),
            List.of(2.0),
            ChannelOrder.BGR,
            Optional.empty());
    assertArrayEquals(new float[] {-0.5f, -0.5f, 1}, scaled(options), 1e-6f);
  }

  private static float[] scaled(ModelOptions options) {
    float[] scaled = new float[3];
    options.pixels(3).orElseThrow().apply(new float[] {1, 0.2f, 0}, 1, 1, scaled);
    return scaled;
  }

  @Test
  void nothingSaidIsNothingDone() {
    assertEquals(Optional.empty(), ModelOptions.NONE.pixels(3));
  }

  @Test
  void numbersForOtherChannelsAreRefused() {
    ModelOptions options =
        new ModelOptions(
            PixelForm.RAW,
            Optional.empty(),
            List.of(1.0, 2.0),
            List.of(),
            ChannelOrder.AUTO,
            Optional.empty());
    Exception refused = assertThrows(IllegalArgumentException.class, () -> options.pixels(3));
    assertEquals("pixel-mean: 2 numbers, the images have 3 channels", refused.getMessage());
  }
}
