package io.sparkcam.data.ingest;

import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.image.ImageForm;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/**
 * The shapes of the first sources of a partition, in order; those that cannot be decoded have none.
 */
final class VoteOnShape
    implements FlatMapFunction<Iterator<Tuple2<SourceKey, SourceRecord>>, long[]> {
  private static final long serialVersionUID = 1L;

  /** The vote of a source without an image. */
  static final long NONE = 0;

  /** Is added to the vote of an image that has transparency. */
  static final long TRANSPARENT = 1L << 48;

  /** Is added to the vote of an image that cannot be decoded: it counts where no other does. */
  static final long DAMAGED = 1L << 49;

  private static final int BITS = 16;
  private static final int MASK = (1 << BITS) - 1;

  private final ContentReader reader;
  private final ImageForm form;
  private final int voters;
  private final IngestPlace place;

  VoteOnShape(ContentReader reader, ImageForm form, int voters, IngestPlace place) {
    this.reader = reader;
    this.form = form;
    this.voters = voters;
    this.place = place;
  }

  static ImageShape shape(long vote) {
    return new ImageShape(
        (int) (vote >>> (2 * BITS)) & MASK, (int) (vote >>> BITS) & MASK, (int) vote & MASK);
  }

  @Override
  public Iterator<long[]> call(Iterator<Tuple2<SourceKey, SourceRecord>> sources)
      throws IOException {
    long[] votes = new long[voters];
    int count = 0;
    while (count < voters && sources.hasNext()) {
      Tuple2<SourceKey, SourceRecord> source = sources.next();
      votes[count++] = vote(source._1.source(), source._2);
    }
    return List.of(Arrays.copyOf(votes, count)).iterator();
  }

  private long vote(String name, SourceRecord record) throws IOException {
    try {
      Object content = reader.read(name, record, place.hadoop());
      ImageShape shape = form.shape(content);
      return (decodes(content, shape) ? 0 : DAMAGED)
          | (form.transparent(content) ? TRANSPARENT : 0)
          | ((long) shape.height() << (2 * BITS))
          | ((long) shape.width() << BITS)
          | shape.channels();
    } catch (BadRecordException e) {
      return NONE;
    }
  }

  private boolean decodes(Object content, ImageShape shape) {
    try {
      form.pixels(content, shape);
      return true;
    } catch (BadRecordException e) {
      return false;
    }
  }
}
