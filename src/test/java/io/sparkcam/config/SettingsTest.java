package io.sparkcam.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @Test
  void builtInSettingsAreTheDocumentedOnes() {
    Settings settings = Settings.of(Map.of());
    assertEquals(Optional.empty(), settings.data());
    assertEquals("out", settings.output());
    assertEquals(5, settings.epochs());
    assertEquals(32, settings.or(Setting.BATCH_SIZE, 32));
    assertEquals(OptionalInt.empty(), settings.workers());
    assertEquals(7, settings.or(Setting.AVERAGING_FREQUENCY, 7));
    assertEquals(0.1, settings.validationSplit());
    assertEquals(0.004, settings.or(Setting.LEARNING_RATE, 0.004));
    assertEquals(Recipe.PLAIN, settings.recipe());
    assertEquals(42, settings.seed());
    assertEquals(OptionalInt.empty(), settings.trainLimit());
    assertEquals(OptionalInt.empty(), settings.testLimit());
    assertEquals(Engine.FAST, settings.engine());
    assertFalse(settings.resume());
    assertEquals(OptionalInt.empty(), settings.partitions());
    assertEquals(64, settings.explainBatchSize());
    assertFalse(settings.faithfulness());
    assertEquals(OptionalInt.of(1000), settings.faithfulnessSample());
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
