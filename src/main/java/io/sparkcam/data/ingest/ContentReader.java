package io.sparkcam.data.ingest;

import io.sparkcam.data.image.BadRecordException;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Fetches what a source's image is decoded from, in the task that decodes it. */
@FunctionalInterface
public interface ContentReader extends Serializable {
  /** Of sources that carry it along. */
  ContentReader CARRIED = (source, record, configuration) -> record.content();

  /**
   * The bytes of an encoded image, or an array of numbers; null if there is nothing.
   *
   * @param source its name
   */
  Object read(String source, SourceRecord record, Configuration configuration)
      throws IOException, BadRecordException;
}
