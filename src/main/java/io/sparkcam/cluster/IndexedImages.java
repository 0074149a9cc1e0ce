package io.sparkcam.cluster;

import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageIndex;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The images of an {@link ImageIndex} on the executors: tasks read the blocks that they want where
 * they lie. What is broadcast is the index and Hadoop's configuration.
 */
public final class IndexedImages implements AutoCloseable {
  private final JavaSparkContext sc;
  private final ImageIndex index;
  private final ReleasedBroadcast<ImageIndex> sharedIndex;
  private final ReleasedBroadcast<SerializableConfiguration> hadoop;

  public IndexedImages(JavaSparkContext sc, ImageIndex index) {
    this.sc = sc;
    this.index = index;
    this.sharedIndex = new ReleasedBroadcast<>(sc, index);
    this.hadoop =
        new ReleasedBroadcast<>(sc, new SerializableConfiguration(sc.hadoopConfiguration()));
  }

  public ImageIndex index() {
    return index;
  }

  public JavaSparkContext sc() {
    return sc;
  }

  /** What tasks capture. */
  public Handle handle() {
    return new Handle(sharedIndex.handle(), hadoop.handle());
  }

  @Override
  public void close() {
    sharedIndex.close();
    hadoop.close();
  }

  /** The images as tasks see them. */
  public static final class Handle implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Broadcast<ImageIndex> index;
    private final Broadcast<SerializableConfiguration> hadoop;

    private Handle(Broadcast<ImageIndex> index, Broadcast<SerializableConfiguration> hadoop) {
      this.index = index;
      this.hadoop = hadoop;
    }

    public ImageIndex index() {
      return index.value();
    }

    /**
     * A reader of its own; the caller closes it. Every task that trains or explains begins here.
     *
     * @throws IOException when the executor lacks what a run needs
     */
    public ChunkReader reader() throws IOException {
      ExecutorCheck.require();
      return new ChunkReader(index.value(), hadoop.value().value());
    }
  }

  /**
   * The images from {@code first} up to but without {@code end}, in order, in blocks of at most
   * {@code blockSize}.
   *
   * @param partitions at most that many, of consecutive images and sizes that differ by at most one
   *     block's worth
   */
  public JavaRDD<ImageBlock> blocks(long first, long end, int blockSize, int partitions) {
    if (first < 0 || end > index.count() || first >= end) {
      throw new IllegalArgumentException(
          "images " + first + " to " + end + ", expected a range within 0 to " + index.count());
    }
    long blocks = (end - first + blockSize - 1) / blockSize;
    int parts = (int) Math.min(partitions, blocks);
    List<Range> ranges = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      long from = first + blocks * part / parts * blockSize;
      long to = Math.min(end, first + blocks * (part + 1) / parts * blockSize);
      ranges.add(new Range(from, to));
    }
    return sc.parallelize(ranges, parts).mapPartitions(new ReadRanges(handle(), blockSize));
  }

  private static final class Range implements Serializable {
    private static final long serialVersionUID = 1L;
    private final long from;
    private final long to;

    Range(long from, long to) {
      this.from = from;
      this.to = to;
    }
  }

  private static final class ReadRanges implements FlatMapFunction<Iterator<Range>, ImageBlock> {
    private static final long serialVersionUID = 1L;
    private final Handle images;
    private final int blockSize;

    ReadRanges(Handle images, int blockSize) {
      this.images = images;
      this.blockSize = blockSize;
    }

    @Override
    public Iterator<ImageBlock> call(Iterator<Range> ranges) throws IOException {
      ChunkReader reader = images.reader();
      TaskContext.get()
          .addTaskCompletionListener((TaskCompletionListener) context -> close(reader));
      return new Blocks(reader, ranges.next(), blockSize);
    }

    private static void close(ChunkReader reader) {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Reads a block when it is asked for: memory is one block's. */
  private static final class Blocks implements Iterator<ImageBlock> {
    private final ChunkReader reader;
    private final int blockSize;
    private final long end;
    private long next;

    Blocks(ChunkReader reader, Range range, int blockSize) {
      this.reader = reader;
      this.blockSize = blockSize;
      this.end = range.to;
      this.next = range.from;
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    public ImageBlock next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int count = (int) Math.min(blockSize, end - next);
      try {
        ImageBlock block = reader.read(next, count);
        next += count;
        return block;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
