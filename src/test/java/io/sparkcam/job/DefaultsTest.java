package io.sparkcam.job;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.explain.OptionalColumns;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {
  @ParameterizedTest
  @CsvSource({"64, 64, CAM", "65, 28, FEATURES CAM"})
  void columnsThatFollowOrGrowWithTheImageAreLeftOut(int height, int width, String leftOut) {
    assertEquals(
        Arrays.stream(leftOut.split(" ", -1)).map(OptionalColumns::valueOf).collect(toSet()),
        Settings.of(Map.of()).get(Setting.COLUMNS).leftOut(height, width));
  }

  @ParameterizedTest
  @CsvSource({
    "auto, 2, 54000, 2",
    "auto, 16, 54000, 8",
    "auto, 16, 1000, 2",
    "auto, 16, 10000000, 16",
    "16, 2, 54000, 16"
  })
  void workersAreAsManyAsSlotsWhereImagesAreEnoughForThem(
      String given, int slots, long images, int workers) {
    Settings settings = Settings.of(Map.of()).with(Setting.WORKERS, given);
    assertEquals(workers, Defaults.of(settings, slots).forTraining(images).workers());
  }
}
