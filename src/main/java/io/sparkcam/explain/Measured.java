package io.sparkcam.explain;

import java.util.Locale;

/** One of those by which the same is measured: the first is what a run explains with. */
public interface Measured {
  /** Its place among them, from 0. */
  int place();

  /** The constant's. */
  String name();

  /** The name of a measure's column for this one. */
  default String column(String measure) {
    return place() == 0 ? measure : measure + "_" + label();
  }

  /** As tables call it. */
  default String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
