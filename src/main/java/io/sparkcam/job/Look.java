package io.sparkcam.job;

import io.sparkcam.report.Tint;
import java.util.Objects;
import java.util.Set;

/**
 * How something is shown.
 *
 * @param format picture or text
 * @param tint the colours of maps
 * @param details what is drawn beside what is always drawn
 * @param file where the picture goes; empty: to a place of its own beside the run
 */
public record Look(Format format, Tint tint, Set<Detail> details, String file) {
  /** What is made. */
  public enum Format {
    /** A file. */
    PNG,
    /** Characters on the terminal. */
    TEXT
  }

  /** What can be asked for. */
  public enum Detail {
    /** Maps lie where the network saw what they show, instead of corner on corner. */
    ALIGNED,
    /** A box around what the aligned map points at. */
    BOX
  }

  public Look {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(tint, "tint");
    details = Set.copyOf(details);
    Objects.requireNonNull(file, "file");
  }

  boolean has(Detail detail) {
    return details.contains(detail);
  }
}
