package io.sparkcam.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A data set that can be spooled, whatever it is read from. */
public interface ImageSource {
  /** Where it is, as it was named. */
  String location();

  /** The parts it has. */
  Set<Part> parts();

  /** What its classes are called; of no meaning where nothing is {@link #labelled}. */
  ClassNames classNames();

  /** Whether its images have labels: all of them or none. */
  boolean labelled();

  /**
   * Spools the training part.
   *
   * @param file is written, or left absent if the data is refused
   * @param limit at most that many images, the first ones, are spooled; all of them are checked
   */
  Spool spoolTraining(Path file, long limit) throws IOException;

  /** Spools the test part as {@link #spoolTraining} does the other. */
  Spool spoolTest(Path file, long limit) throws IOException;
}
