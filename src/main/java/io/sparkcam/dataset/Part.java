package io.sparkcam.dataset;

import java.util.Locale;

/** The two parts of a data set. */
public enum Part {
  TRAIN,
  TEST;

  /** As directories and tables spell it: {@code train}, {@code test}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
