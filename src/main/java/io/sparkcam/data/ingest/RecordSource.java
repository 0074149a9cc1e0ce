package io.sparkcam.data.ingest;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.Part;
import io.sparkcam.data.image.ImageForm;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaPairRDD;

/**
 * Single sources, files or rows, that are sorted by key and decoded: {@link RecordIngest} makes an
 * {@link ImageSource} of them.
 */
public interface RecordSource extends Closeable {
  /** The parts that are there. */
  Set<Part> parts();

  /** Whether training and test images are a split of the same sources. */
  boolean divided();

  /** By the class that {@link #labels} gives. */
  ClassNames classNames();

  /** How the sources of a part spell their classes. */
  Labels labels(Part part);

  /**
   * The classes of each label, where a label stands for several classes or none; empty where it is
   * a class.
   */
  default List<List<Integer>> labelSets() {
    return List.of();
  }

  /** What a user should know of how it is read, a sentence each. */
  List<String> notes();

  /** Number of sources of a part. */
  long found(Part part);

  /** Files that lie with the sources of a part and are none: how many of which kind. */
  Map<String, Long> ignored(Part part);

  /** The sources of a part, partitioned by {@link SourceKey.Ranges} and sorted. */
  JavaPairRDD<SourceKey, SourceRecord> sorted(Part part) throws IOException;

  /** How a task gets at what is decoded. */
  ContentReader reader();

  /** What the sources hold. */
  ImageForm form();
}
