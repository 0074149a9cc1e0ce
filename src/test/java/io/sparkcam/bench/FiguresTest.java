package io.sparkcam.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "571432.6, 571400",
    "16513, 16510",
    "29.964, 29.96",
    "0.042443, 0.04244",
    "0.00001234567, 0.00001235",
    "12, 12"
  })
  void figuresHaveFourDigitsAndNoExponent(double value, String text) {
    assertEquals(text, Figures.rounded(value));
  }

  @Test
  void theMedianIsTheMiddleOneOrBetweenTheTwo() {
    assertEquals(2, Figures.median(List.of(100.0, 1.0, 2.0)));
    assertEquals(2.5, Figures.median(List.of(3.0, 100.0, 1.0, 2.0)));
  }

  @Test
  void onlyWhatWasAskedForIsPrinted() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Figures figures =
        new Figures(new PrintStream(bytes, true, StandardCharsets.UTF_8), List.of("speed"));
    figures.report("speed", 1.5, "m/s");
    figures.report("weight", 2, "kg");
    assertEquals("speed 1.5 m/s\n", bytes.toString(StandardCharsets.UTF_8));
  }
}
