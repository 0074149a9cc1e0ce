package io.sparkcam.view;

import io.sparkcam.view.picture.Tint;
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
public record ViewOptions(Format format, Tint tint, Set<Detail> details, String file) {
  /** Option: the image's position in the test set, from 0. */
  public static final String INDEX = "--index";

  /** Option: the class whose map is drawn, from 0. */
  public static final String CLASS = "--class";

  /** Option: the class whose map is subtracted, from 0. */
  public static final String AGAINST = "--against";

  /** Option: where a picture or page goes. */
  public static final String FILE = "--file";

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

  public ViewOptions {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(tint, "tint");
    details = Set.copyOf(details);
    Objects.requireNonNull(file, "file");
  }

  boolean has(Detail detail) {
    return details.contains(detail);
  }
}
