package io.sparkcam.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.text.Console;
import io.sparkcam.training.EpochRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalProgressTest {
  private static final long SECOND = 1_000_000_000;
  private final StringWriter shown = new StringWriter();
  private long now = -5; // System.nanoTime may be negative

  private TerminalProgress progress(int columns) {
    return TerminalProgress.on(
        new Console(new PrintWriter(shown), new PrintWriter(shown), columns), () -> now);
  }

  private static EpochRecord epoch(double valLoss, double valAccuracy) {
    return new EpochRecord(
        1, 0.35116, 0.87412, valLoss, valAccuracy, 0.001, 8.04, 6712.4, 7, 0.1, 0.2, 0.3);
  }

  @Test
  void aTerminalShowsABarThatIsRedrawnInPlace() {
    TerminalProgress progress = progress(120);
    progress.epochStarted(1, 5, 54000);
    now += 4 * SECOND;
    progress.trained(27000, 0.53124, 0.80409);
    now += 4 * SECOND;
    progress.epochEnded(epoch(0.31228, 0.88991));

    assertEquals(
        """
        Epoch 1/5
        27000/54000 [===============>..............] - 4s - 6,750 images/s - ETA 4s\
         - loss: 0.5312 - accuracy: 0.8041\
        \r54000/54000 [==============================] - 8s - 6,712 images/s\
         - loss: 0.3512 - accuracy: 0.8741 - val_loss: 0.3123 - val_accuracy: 0.8899
        """,
        shown.toString());
  }

  @Test
  void elsewhereAnEpochIsOneLine() {
    TerminalProgress progress = progress(0);
    progress.epochStarted(1, 5, 54000);
    now += 4 * SECOND;
    progress.trained(27000, 0.53124, 0.80409);
    progress.epochEnded(epoch(0.31228, 0.88991));
    progress.close();

    assertEquals(
        "54000/54000 - 8s - 6,712 images/s - loss: 0.3512 - accuracy: 0.8741"
            + " - val_loss: 0.3123 - val_accuracy: 0.8899\n",
        shown.toString());
  }

  @Test
  void nothingIsSaidOfAValidationThatThereWasNot() {
    TerminalProgress progress = progress(0);
    progress.epochStarted(1, 1, 60000);
    progress.epochEnded(epoch(Double.NaN, Double.NaN));
    assertEquals(
        "60000/60000 - 8s - 6,712 images/s - loss: 0.3512 - accuracy: 0.8741\n", shown.toString());
  }

  @Test
  void itIsRedrawnTenTimesASecondAtMost() {
    TerminalProgress progress = progress(120);
    progress.epochStarted(1, 1, 1000);
    for (int images = 1; images <= 1000; images++) {
      now += SECOND / 1000;
      progress.trained(images, 1, 0.5);
    }
    assertEquals(10, shown.toString().split("images/s", -1).length - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 90, 100, 110, 200})
  void aRunningLineFitsTheTerminal(int columns) {
    TerminalProgress progress = progress(columns);
    progress.epochStarted(1, 5, 54000);
    for (int images : new int[] {0, 32, 30000, 54000}) {
      now += 10 * SECOND;
      progress.trained(images, 0.53124, 0.80409);
    }
    Arrays.stream(shown.toString().split("[\r\n]", -1))
        .forEach(line -> assertTrue(line.length() < columns, line));
    assertEquals(columns >= 80, shown.toString().contains("[="), "a bar where there is room");
  }

  @Test
  void aShorterLineCoversTheLongerOneBefore() {
    TerminalProgress progress = progress(120);
    progress.epochStarted(1, 1, 54000);
    now += 200 * SECOND;
    progress.trained(1, 0.5, 0.5);
    now += SECOND;
    progress.trained(53999, 0.5, 0.5);
    String[] lines = shown.toString().split("\r", -1);
    assertEquals(lines[0].length() - "Epoch 1/1\n".length(), lines[1].length());
    assertTrue(lines[0].contains("ETA 2999:56:40"), lines[0]);
  }

  @Test
  void atTheVeryStartThereIsNoSpeedYet() {
    TerminalProgress progress = progress(120);
    progress.epochStarted(1, 1, 54000);
    progress.trained(0, 2.3026, 0);
    assertEquals(
        "Epoch 1/1\n0/54000 [>.............................] - 0s - loss: 2.3026 - accuracy: 0.0000",
        shown.toString());
  }

  @Test
  void anEpochThatFailsLeavesTheNextMessageALineOfItsOwn() {
    try (TerminalProgress progress = progress(120)) {
      progress.epochStarted(1, 1, 100);
      progress.trained(0, 1, 0);
    }
    assertTrue(shown.toString().endsWith("accuracy: 0.0000\n"), shown.toString());
  }

  @Test
  void numbersDoNotDependOnTheMachinesLanguage() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      elsewhereAnEpochIsOneLine();
    } finally {
      Locale.setDefault(before);
    }
  }
}
