package io.sparkcam.data.ingest;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.inputs.DataFormats;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/** A way to store a data set; {@link DataFormats} lists them. */
public interface DataFormat {
  /**
   * The data set at a place, if it is of this format.
   *
   * @param location a path or URI
   * @throws IOException if it is, and is to be refused
   */
  Optional<ImageSource> open(JavaSparkContext sc, String location, DataOptions options)
      throws IOException;

  /**
   * Whether a file of labels can stand beside the images; where one is given others are not tried.
   */
  default boolean takesLabelsFile() {
    return false;
  }

  /**
   * A single image, without Spark, as a run's table of sources names it.
   *
   * @param place the data set
   * @return empty if the name is not of this format
   */
  Optional<StoredImage> stored(
      DataPlace place, String source, DataOptions options, Configuration configuration)
      throws IOException;

  /**
   * What an image is decoded from, and how.
   *
   * @param content bytes, or an array of numbers
   */
  record StoredImage(Object content, ImageForm form) {}
}
