package io.sparkcam.terminal;

import io.sparkcam.text.Console;
import io.sparkcam.training.EpochRecord;
import io.sparkcam.training.TrainingProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows training as Keras does: on a terminal a bar that is redrawn in place, elsewhere one line an
 * epoch.
 */
public final class TerminalProgress implements TrainingProgress, AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 10;

  private final PrintWriter out;
  private final int columns;
  private final LongSupplier nanoTime;
  private long epochImages;
  private long epochStart;
  private long lastDrawn;
  private int shown;

  private TerminalProgress(PrintWriter out, int columns, LongSupplier nanoTime) {
    this.out = out;
    this.columns = columns;
    this.nanoTime = nanoTime;
  }

  public static TerminalProgress on(Console console) {
    return on(console, System::nanoTime);
  }

  static TerminalProgress on(Console console, LongSupplier nanoTime) {
    return new TerminalProgress(console.out(), console.columns(), nanoTime);
  }

  @Override
  public synchronized void epochStarted(int epoch, int epochs, long images) {
    epochImages = images;
    epochStart = nanoTime.getAsLong();
    lastDrawn = epochStart - REDRAW_NANOS;
    if (columns > 0) {
      out.println("Epoch " + epoch + "/" + epochs);
      out.flush();
    }
  }

  @Override
  public synchronized void trained(long images, double loss, double accuracy) {
    long now = nanoTime.getAsLong();
    if (columns == 0 || now - lastDrawn < REDRAW_NANOS) {
      return;
    }
    lastDrawn = now;
    double seconds = (now - epochStart) / 1e9;
    double rate = images / seconds;
    boolean moving = images > 0 && seconds > 0;
    String count = images + "/" + epochImages;
    String speed = moving ? speed(rate) : "";
    String left = moving ? " - ETA " + duration((epochImages - images) / rate) : "";
    String rest = left + scores("", loss, accuracy);
    String wide = " - " + duration(seconds) + speed + rest;
    String narrow = " - " + duration(seconds) + rest;
    // A line that wraps cannot be redrawn: the speed makes way for the bar, the bar for the rest.
    String figures = barRoom(count, wide) < NARROWEST_BAR ? narrow : wide;
    String line = count + bar(images, barRoom(count, figures)) + figures;
    draw(line.substring(0, Math.min(line.length(), columns - 1)));
  }

  /** Between the two in one line of the terminal, whose last column stays free. */
  private int barRoom(String count, String figures) {
    return columns - 1 - count.length() - " []".length() - figures.length();
  }

  @Override
  public synchronized void epochEnded(EpochRecord record) {
    String validation =
        Double.isNaN(record.valLoss())
            ? ""
            : scores("val_", record.valLoss(), record.valAccuracy());
    String figures =
        " - "
            + duration(record.seconds())
            + speed(record.imagesPerSecond())
            + scores("", record.loss(), record.accuracy())
            + validation;
    String count = epochImages + "/" + epochImages;
    draw(columns == 0 ? count + figures : count + bar(epochImages, WIDEST_BAR) + figures);
    close();
  }

  /** Ends a line that is still being redrawn, so that what comes next starts its own. */
  @Override
  public synchronized void close() {
    if (shown > 0) {
      out.println();
      out.flush();
      shown = 0;
    }
  }

  /** Over the line that is there, to whose end it is blanked. */
  private void draw(String line) {
    String blank = " ".repeat(Math.max(0, shown - line.length()));
    out.print((shown > 0 ? "\r" : "") + line + blank);
    out.flush();
    shown = line.length();
  }

  /** {@code " [=====>....]"}, as wide as there is room for; nothing when there is too little. */
  private String bar(long images, int room) {
    int width = Math.min(room, WIDEST_BAR);
    if (width < NARROWEST_BAR) {
      return "";
    }
    int done = (int) Math.min(width, epochImages > 0 ? width * images / epochImages : width);
    String head = done < width ? ">" : "";
    return " [" + "=".repeat(done) + head + ".".repeat(width - done - head.length()) + "]";
  }

  private static String speed(double imagesPerSecond) {
    return String.format(Locale.ROOT, " - %,d images/s", Math.round(imagesPerSecond));
  }

  private static String scores(String prefix, double loss, double accuracy) {
    return String.format(
        Locale.ROOT, " - %1$sloss: %2$.4f - %1$saccuracy: %3$.4f", prefix, loss, accuracy);
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + "s";
    }
    long minutes = whole / 60;
    return minutes < 60
        ? String.format(Locale.ROOT, "%d:%02d", minutes, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", minutes / 60, minutes % 60, whole % 60);
  }
}
