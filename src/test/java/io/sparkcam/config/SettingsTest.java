package io.sparkcam.config;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.training.Recipe;
import java.io.Serializable;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @Test
  void builtInSettingsAreTheDocumentedOnes() {
    Settings settings = Settings.of(Map.of());
    assertEquals(Optional.empty(), settings.get(Setting.DATA));
    assertEquals("out", settings.output());
    assertEquals(5, settings.get(Setting.EPOCHS));
    assertEquals(32, settings.or(Setting.BATCH_SIZE, 32));
    assertEquals(OptionalInt.empty(), settings.get(Setting.WORKERS));
    assertEquals(7, settings.or(Setting.AVERAGING_FREQUENCY, 7));
    assertEquals(0.1, settings.get(Setting.VALIDATION_SPLIT));
    assertEquals(0.004, settings.or(Setting.LEARNING_RATE, 0.004));
    assertEquals(Recipe.STEADY, settings.get(Setting.RECIPE));
    assertEquals(42, settings.get(Setting.SEED));
    assertEquals(OptionalInt.empty(), settings.get(Setting.TRAIN_LIMIT));
    assertEquals(OptionalInt.empty(), settings.get(Setting.TEST_LIMIT));
    assertEquals(Engine.FAST, settings.get(Setting.ENGINE));
    assertFalse(settings.get(Setting.RESUME));
    assertEquals(OptionalInt.empty(), settings.get(Setting.PARTITIONS));
    assertEquals(64, settings.get(Setting.EXPLAIN_BATCH_SIZE));
    assertFalse(settings.get(Setting.FAITHFULNESS));
    assertEquals(OptionalInt.of(1000), settings.get(Setting.FAITHFULNESS_SAMPLE));
  }

  @Test
  void pixelsAreDeterminedByTheirSettings() {
    assertEquals(DecodeSettings.DEFAULT, Settings.of(Map.of()).decodeSettings());
    Map<String, String> given =
        Map.of(
            "resize", "48x64",
            "resize-mode", "fit",
            "resize-filter", "bicubic",
            "channels", "rgb",
            "background", "#20c040",
            "grey-bits", "12",
            "array-shape", "32x48x4",
            "array-layout", "chw",
            "array-white", "1");
    assertEquals(
        new DecodeSettings(
            new DecodeSettings.Resize(
                48, 64, DecodeSettings.Resize.Mode.FIT, DecodeSettings.Resize.Filter.BICUBIC),
            DecodeSettings.Channels.RGB,
            0x20c040,
            12,
            new ImageShape(32, 48, 4),
            DecodeSettings.ArrayLayout.CHW,
            1),
        Settings.of(given).decodeSettings());
    assertEquals(
        Setting.all().stream().filter(Setting::determinesPixels).collect(toSet()),
        given.keySet().stream().map(k -> Setting.named(k).get()).collect(toSet()));
    assertEquals(224, Settings.of(Map.of("resize", "224")).decodeSettings().resize().width());
    assertEquals(
        0xffffff, Settings.of(Map.of("background", "white")).decodeSettings().background());
  }

  @ParameterizedTest
  @CsvSource({
    "resize, 0, 'resize: 0 is no size: each side is 1 to 4096'",
    "resize, 5000, 'resize: 5000 is no size: each side is 1 to 4096'",
    "resize, 12x, 'resize: 12x is neither a size such as 224 or 48x64 nor none'",
    "background, #12, 'background: #12 is no colour: white, black, one such as #20c040, or none'",
    "grey-bits, 8, 'grey-bits: 8 is none of auto, 10, 12, 14, 16'",
    "array-white, 2, 'array-white: 2 is none of auto, 1, 255'"
  })
  void impossiblePixelSettingsAreRefused(String key, String value, String message) {
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> Settings.of(Map.of(key, value)));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void aRunWithoutIdIsNamedByTheTime() {
    Clock clock = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.ofHours(9));
    Settings settings = Settings.of(List.of(), clock);
    assertEquals("20260101-120000", settings.runId());
    assertEquals("20260101-120000", settings.asMap().get("run-id"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "20260101-120000", "a.b_c-D", "9"})
  void plainNamesAreRunIds(String id) {
    assertEquals(id, Settings.of(Map.of("run-id", id)).runId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".hidden", "-flag", "a/b", "a b", "a\nb", "ü", "_a"})
  void otherNamesAreNot(String id) {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> Settings.of(Map.of("run-id", id)));
    // In one line, whatever the name is.
    String shown = "run-id: " + id.replace('\n', '?') + " is not a plain name";
    assertTrue(e.getMessage().startsWith(shown), e.getMessage());
  }

  @Test
  void runIdsHaveALimit() {
    assertEquals(128, Settings.of(Map.of("run-id", "x".repeat(128))).runId().length());
    assertThrows(
        IllegalArgumentException.class, () -> Settings.of(Map.of("run-id", "x".repeat(129))));
  }

  @Test
  void theRecordOfARunMakesTheSameSettingsAgain() {
    Settings settings = Settings.of(Map.of("epochs", "2", "workers", "4", "learning-rate", "1e-3"));
    Settings again = Settings.of(settings.asMap());
    assertEquals(settings.asMap(), again.asMap());
    assertEquals(Setting.keys(), List.copyOf(settings.asMap().keySet()));
    assertEquals(0.001, again.or(Setting.LEARNING_RATE, 0.004));
  }

  @Test
  void unknownKeysAreRefused() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> Settings.of(Map.of("epoch", "2")));
    assertEquals("unknown setting epoch", e.getMessage());
  }

  @Test
  void settingsStayOnTheDriver() {
    assertFalse(Serializable.class.isAssignableFrom(Settings.class));
  }
}
