package io.sparkcam.cluster;

import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.Spool;
import io.sparkcam.dataset.SpoolReader;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The images of a {@link Spool} as an RDD: Spark carries the file to each executor once, tasks read
 * their range of it.
 */
public final class SpooledImages {
  private final JavaSparkContext sc;
  private final Spool spool;
  private boolean carried;

  public SpooledImages(JavaSparkContext sc, Spool spool) {
    this.sc = sc;
    this.spool = spool;
  }

  public Spool spool() {
    return spool;
  }

  /**
   * The images from {@code first} up to but without {@code end}, in order, in blocks of at most
   * {@code blockSize}.
   *
   * @param partitions at most that many, of consecutive images and sizes that differ by at most one
   *     block's worth
   */
  public JavaRDD<ImageBlock> blocks(long first, long end, int blockSize, int partitions) {
    if (first < 0 || end > spool.count() || first >= end) {
      throw new IllegalArgumentException(
          "images " + first + " to " + end + ", expected a range within 0 to " + spool.count());
    }
    long blocks = (end - first + blockSize - 1) / blockSize;
    int parts = (int) Math.min(partitions, blocks);
    List<Range> ranges = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      long from = first + blocks * part / parts * blockSize;
      long to = Math.min(end, first + blocks * (part + 1) / parts * blockSize);
      ranges.add(new Range(from, to));
    }
    return sc.parallelize(ranges, parts).mapPartitions(new ReadRanges(carriedFile(), blockSize));
  }

  /**
   * The file's name on the executors. Every task from now on fetches the file, whatever it is of:
   * not before somebody reads it.
   */
  private String carriedFile() {
    if (!carried) {
      sc.addFile(spool.file().toString());
      carried = true;
    }
    return spool.file().getFileName().toString();
  }

  /** Images picked one by one, in an order of their own. */
  public interface Selection extends Serializable {
    int count();

    /** The id of the image at a place, from 0. */
    long id(int place);
  }

  /** One block a selection, each in a partition of its own. */
  public JavaRDD<ImageBlock> blocks(List<? extends Selection> selections) {
    return sc.parallelize(List.<Selection>copyOf(selections), selections.size())
        .map(new ReadSelection(carriedFile()));
  }

  private static final class ReadSelection implements Function<Selection, ImageBlock> {
    private static final long serialVersionUID = 1L;
    private final String fileName;

    ReadSelection(String fileName) {
      this.fileName = fileName;
    }

    @Override
    public ImageBlock call(Selection selection) throws IOException {
      long[] ids = new long[selection.count()];
      Arrays.setAll(ids, selection::id);
      try (SpoolReader reader = SpoolReader.open(Path.of(SparkFiles.get(fileName)))) {
        return reader.read(ids);
      }
    }
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
    private final String fileName;
    private final int blockSize;

    ReadRanges(String fileName, int blockSize) {
      this.fileName = fileName;
      this.blockSize = blockSize;
    }

    @Override
    public Iterator<ImageBlock> call(Iterator<Range> ranges) throws IOException {
      SpoolReader reader = SpoolReader.open(Path.of(SparkFiles.get(fileName)));
      TaskContext.get()
          .addTaskCompletionListener((TaskCompletionListener) context -> closeQuietly(reader));
      return new Blocks(reader, ranges.next(), blockSize);
    }

    private static void closeQuietly(SpoolReader reader) {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Reads a block when it is asked for: memory is one block's. */
  private static final class Blocks implements Iterator<ImageBlock> {
    private final SpoolReader reader;
    private final int blockSize;
    private final long end;
    private long next;

    Blocks(SpoolReader reader, Range range, int blockSize) {
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
