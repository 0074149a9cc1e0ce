package io.sparkcam.job;

import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part of a run that takes a while: one line in the log when it is done. */
final class StageTimer {
  private static final Logger LOG = LoggerFactory.getLogger(StageTimer.class);

  private final long began = System.nanoTime();

  private StageTimer() {}

  /** Begins a stage; Spark's jobs are described by its name. */
  static StageTimer begin(JavaSparkContext sc, String name) {
    sc.sc().setJobDescription(name);
    return new StageTimer();
  }

  /** Logs what was done, and how long it took. */
  void done(String format, Object... values) {
    String what = String.format(Locale.ROOT, format, values);
    LOG.info(
        "{} ({} s)", what, String.format(Locale.ROOT, "%.1f", (System.nanoTime() - began) / 1e9));
  }
}
