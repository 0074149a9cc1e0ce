package io.sparkcam.data;

import java.util.Locale;

/** The parts of a data set. */
public enum Part {
  TRAIN,
  VALIDATION,
  TEST;

  /** As directories and tables spell it: {@code train}, {@code validation}, {@code test}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
