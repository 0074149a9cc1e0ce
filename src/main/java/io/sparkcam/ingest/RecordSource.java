package io.sparkcam.ingest;

import io.sparkcam.data.image.ImageForm;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.Part;
import java.io.IOException;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where records lie, how they spell their classes, and how they hold their images. */
interface RecordSource {
  /** The option that Spark sets itself where it reads files it has listed. */
  String PATHS_ARE_PATTERNS = "__globPaths__";

  /** The parts that are there. */
  Set<Part> parts();

  /**
   * The records of a part, in no particular order: {@code source} (string, unique, relative to the
   * data set), {@code label} (string, null if none), {@code content} (as {@link #form} takes it;
   * null if none).
   */
  Dataset<Row> records(Part part) throws IOException;

  ImageForm form();

  Labels labels();

  /** By the class that {@link #labels} gives. */
  ClassNames classNames();
}
