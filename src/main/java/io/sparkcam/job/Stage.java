package io.sparkcam.job;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part of a run that takes a while: one line in the log when it is done. */
final class Stage {
  private static final Logger LOG = LoggerFactory.getLogger(Stage.class);

  private final long began = System.nanoTime();

  private Stage() {}

  static Stage begin() {
    return new Stage();
  }

  /** Logs what was done, and how long it took. */
  void done(String format, Object... values) {
    String what = String.format(Locale.ROOT, format, values);
    LOG.info(
        "{} ({} s)", what, String.format(Locale.ROOT, "%.1f", (System.nanoTime() - began) / 1e9));
  }
}
