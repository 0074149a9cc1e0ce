package io.sparkcam.data;

import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.Part;
import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/** A data set that can be stored as chunks, whatever it is read from. */
public interface ImageSource {
  /** No limit: every image is stored. */
  long ALL = Long.MAX_VALUE;

  /** Where it is, as it was named. */
  String location();

  /** The parts it has. */
  Set<Part> parts();

  /** What its classes are called; of no meaning where nothing is {@link #labelled}. */
  ClassNames classNames();

  /** Whether its images have labels: all of them or none. */
  boolean labelled();

  /**
   * Makes a part readable by id.
   *
   * @param limit at most that many images, the first ones; all of them are checked
   * @param directory exists, on storage that every executor reads; takes chunk files
   */
  StoredPart store(Part part, long limit, Path directory) throws IOException;
}
