package io.sparkcam.data.ingest;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.Part;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A data set, whatever it is read from. Open until its images are not asked for any more; {@link
 * DataFormat} finds it.
 */
public interface ImageSource extends Closeable {
  /** Where it is, as it was named. */
  String location();

  /** The parts it has. */
  Set<Part> parts();

  /** What its classes are called; of no meaning where no part is {@link #labelled}. */
  ClassNames classNames();

  /** Whether the images of a part have labels: all of them or none. */
  boolean labelled(Part part);

  /**
   * The classes of each label, where a label stands for several classes or none; empty where it is
   * a class.
   */
  default List<List<Integer>> labelSets() {
    return List.of();
  }

  /** What a user should know of how it was read, a sentence each. */
  List<String> notes();

  /** No limit: every image is stored. */
  long ALL = Long.MAX_VALUE;

  /**
   * Checks the images of a part and makes them readable by id.
   *
   * @param limit at most that many good images, the first ones
   * @throws IOException naming what is wrong with the data, if anything is to be refused
   */
  StoredPart store(Part part, long limit, IngestPlace place) throws IOException;
}
