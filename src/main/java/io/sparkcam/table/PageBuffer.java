package io.sparkcam.table;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.sparkcam.explain.ExplanationBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;

/**
 * The open data page of one column: PLAIN values, little-endian, behind the levels, and their
 * statistics. How many rows a page takes follows from the column alone, so the pages of a file do
 * not depend on the batches that it was written in.
 */
final class PageBuffer {
  /** A page's values, about: what is read at least, and checked at once. */
  static final int PAGE_BYTES = 1 << 20;

  private final ColumnDescriptor descriptor;
  private final int length;
  private final boolean nullable;
  private final int capacity;
  private final LevelRuns repetition = new LevelRuns();
  private final LevelRuns definition = new LevelRuns();

  /** Room for the longest levels, then the values; the page begins where its levels do. */
  private final ByteBuffer bytes;

  private final int valuesStart;
  private final float[] single = new float[1];
  private Statistics<?> statistics;
  private int rows;
  private int values;

  /**
   * Makes room for one page.
   *
   * @param rowsPerGroup rows of a row group: no page has more
   */
  PageBuffer(TableColumn column, ColumnDescriptor descriptor, int rowsPerGroup) {
    this.descriptor = descriptor;
    length = column.length();
    nullable = column.nullable();
    capacity = Math.max(1, Math.min(rowsPerGroup, PAGE_BYTES / column.bytesPerRow()));
    // A run takes 2 bytes, and one more for every 7 bits of its length beyond 6: at most 2 bytes a
    // row of nullable numbers, 2 + 5 bytes a row of arrays and as many of those that may be empty.
    valuesStart = column.repeated() ? 14 * capacity + 16 : nullable ? 2 * capacity + 16 : 0;
    bytes =
        ByteBuffer.allocate(valuesStart + capacity * column.bytesPerRow())
            .order(ByteOrder.LITTLE_ENDIAN);
    clear();
  }

  private void clear() {
    rows = 0;
    values = 0;
    repetition.clear();
    definition.clear();
    bytes.clear().position(valuesStart);
    statistics = Statistics.createStats(descriptor.getPrimitiveType());
  }

  ColumnDescriptor descriptor() {
    return descriptor;
  }

  boolean empty() {
    return rows == 0;
  }

  /** Rows that still fit. */
  int room() {
    return capacity - rows;
  }

  /** Bytes that the buffer takes. */
  int size() {
    return bytes.capacity();
  }

  void put(long value) {
    bytes.putLong(value);
    statistics.updateStats(value);
    values++;
    rows++;
  }

  /** Takes a number; in a nullable column {@link ExplanationBatch#NONE} is none. */
  void put(int value) {
    if (nullable && value == ExplanationBatch.NONE) {
      putNull();
      return;
    }
    bytes.putInt(value);
    statistics.updateStats(value);
    if (nullable) {
      definition.add(1, 1);
    }
    values++;
    rows++;
  }

  /** Takes a number; in a nullable column {@link ExplanationBatch#NONE} is none. */
  void put(float value) {
    if (nullable && value == ExplanationBatch.NONE) {
      putNull();
      return;
    }
    single[0] = value;
    put(single, 0, 1);
  }

  private void putNull() {
    statistics.incrementNumNulls();
    definition.add(0, 1);
    values++;
    rows++;
  }

  /** Takes a row's list; to Parquet an empty one is one value that is not there. */
  void putList(int... list) {
    repetition.add(0, 1);
    if (list.length == 0) {
      putNull();
      return;
    }
    if (list.length > 1) {
      repetition.add(1, list.length - 1);
    }
    definition.add(1, list.length);
    for (int value : list) {
      bytes.putInt(value);
      statistics.updateStats(value);
    }
    values += list.length;
    rows++;
  }

  /** Takes {@code count} rows of floats from {@code offset} on. */
  void put(float[] values, int offset, int count) {
    int total = count * length;
    bytes.asFloatBuffer().put(values, offset, total);
    bytes.position(bytes.position() + total * Float.BYTES);
    updateStatistics(values, offset, total);
    endRows(count);
  }

  /** Takes {@code count} rows of whole numbers from {@code offset} on. */
  void put(int[] values, int offset, int count) {
    for (int i = offset; i < offset + count * length; i++) {
      bytes.putInt(values[i]);
      statistics.updateStats(values[i]);
    }
    endRows(count);
  }

  private void endRows(int count) {
    if (descriptor.getMaxRepetitionLevel() > 0) {
      for (int row = 0; row < count; row++) {
        repetition.add(0, 1);
        repetition.add(1, length - 1);
      }
      definition.add(1, count * length);
    } else if (nullable) {
      definition.add(1, count);
    }
    values += count * length;
    rows += count;
  }

  /** Bounds of the values with the signs of zero and the NaN that Parquet asks for. */
  private void updateStatistics(float[] values, int offset, int total) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    boolean allNumbers = true;
    for (int i = offset; i < offset + total; i++) {
      float value = values[i];
      min = value < min ? value : min;
      max = value > max ? value : max;
      allNumbers &= !Float.isNaN(value);
    }
    if (!allNumbers) {
      statistics.updateStats(Float.NaN);
    }
    if (min <= max) {
      statistics.updateStats(min == 0 ? -0.0f : min);
      statistics.updateStats(max == 0 ? 0.0f : max);
    }
  }

  /** Compresses the page and starts the next one. */
  Page finish(ZstdCompressCtx zstd, byte[] scratch) {
    int levels = 0;
    int repetitionSize = 0;
    if (descriptor.getMaxRepetitionLevel() > 0) {
      repetitionSize = repetition.finish();
      levels += repetitionSize;
    }
    if (descriptor.getMaxDefinitionLevel() > 0) {
      levels += definition.finish();
    }
    int start = valuesStart - levels;
    if (descriptor.getMaxRepetitionLevel() > 0) {
      repetition.copyTo(bytes.array(), start);
    }
    if (descriptor.getMaxDefinitionLevel() > 0) {
      definition.copyTo(bytes.array(), start + repetitionSize);
    }
    int size = bytes.position() - start;
    int compressed = zstd.compressByteArray(scratch, 0, scratch.length, bytes.array(), start, size);
    Page page = new Page(rows, values, size, Arrays.copyOf(scratch, compressed), statistics);
    clear();
    return page;
  }

  /** Bytes that the largest page may take compressed. */
  int compressBound() {
    return Math.toIntExact(Zstd.compressBound(size()));
  }

  /** A compressed page. */
  static final class Page {
    final int rows;
    final int values;
    final int uncompressedSize;
    final Statistics<?> statistics;
    private final byte[] compressed;

    Page(int rows, int values, int uncompressedSize, byte[] compressed, Statistics<?> statistics) {
      this.rows = rows;
      this.values = values;
      this.uncompressedSize = uncompressedSize;
      this.compressed = compressed;
      this.statistics = statistics;
    }

    BytesInput bytes() {
      return BytesInput.from(compressed);
    }
  }
}
