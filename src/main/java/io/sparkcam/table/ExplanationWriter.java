package io.sparkcam.table;

import com.github.luben.zstd.ZstdCompressCtx;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.storage.DigestStream;
import io.sparkcam.storage.Storage;
import io.sparkcam.table.PageBuffer.Page;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;

/**
 * Writes one Parquet file of the table, a batch at a time. Values go from the batch's arrays into
 * version 1 data pages in bulk, without a row object or a dictionary; pages are compressed by
 * Zstandard as they fill up and carry their CRC-32. Memory is one row group of compressed pages and
 * one open page a column.
 *
 * <p>The file depends on the rows alone, not on the batches that they came in nor on the JVM.
 * Without {@link #finish()} what is written is no Parquet file.
 */
public final class ExplanationWriter implements Closeable {
  /** A row group's values, about. */
  static final int GROUP_BYTES = 8 << 20;

  private static final int ZSTD_LEVEL = 1;

  /** Bytes of a bound in a column index; every column's values are shorter. */
  private static final int TRUNCATE_LENGTH = 64;

  private final String name;
  private final ExplanationSchema schema;
  private final int rowsPerGroup;
  private final DigestStream stream;
  private final ParquetOutput output;
  private final ParquetFileWriter parquet;
  private final ZstdCompressCtx zstd;
  private final List<PageBuffer> open = new ArrayList<>();
  private final List<List<Page>> pages = new ArrayList<>();
  private final byte[] scratch;
  private int groupRows;
  private long rows;
  private long firstId = -1;
  private long lastId = -1;

  private ExplanationWriter(Path file, ExplanationSchema schema, Configuration configuration)
      throws IOException {
    name = file.getName();
    this.schema = schema;
    rowsPerGroup = Math.max(1, GROUP_BYTES / schema.bytesPerRow());
    MessageType message = schema.message();
    List<ColumnDescriptor> descriptors = message.getColumns();
    int longest = 0;
    for (int i = 0; i < descriptors.size(); i++) {
      PageBuffer page = new PageBuffer(schema.columns().get(i), descriptors.get(i), rowsPerGroup);
      longest = Math.max(longest, page.compressBound());
      open.add(page);
      pages.add(new ArrayList<>());
    }
    scratch = new byte[longest];
    // Only where the directory still is: an attempt that outlived its run must not bring it back.
    stream = new DigestStream(Storage.create(Storage.of(file, configuration), file));
    output = new ParquetOutput(stream);
    parquet =
        new ParquetFileWriter(
            output,
            message,
            ParquetFileWriter.Mode.CREATE,
            GROUP_BYTES,
            0,
            TRUNCATE_LENGTH,
            TRUNCATE_LENGTH,
            true);
    zstd = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
  }

  /** Creates {@code file}, which must not exist, in a directory, which must. */
  public static ExplanationWriter create(
      Path file, ExplanationSchema schema, Configuration configuration) throws IOException {
    ExplanationWriter writer = new ExplanationWriter(file, schema, configuration);
    try {
      writer.parquet.start();
    } catch (IOException e) {
      writer.close();
      throw e;
    }
    return writer;
  }

  /** Writes the rows that the batch holds; their ids must ascend. */
  public void write(ExplanationBatch batch) throws IOException {
    if (!batch.shape().equals(schema.shape())) {
      throw new IllegalArgumentException(
          "%s: batch of %s, expected %s".formatted(name, batch.shape(), schema.shape()));
    }
    requireAscending(batch);
    int row = 0;
    while (row < batch.count()) {
      int count = Math.min(batch.count() - row, rowsPerGroup - groupRows);
      for (int i = 0; i < open.size(); i++) {
        copy(batch, row, count, i);
      }
      row += count;
      groupRows += count;
      rows += count;
      if (groupRows == rowsPerGroup) {
        endGroup();
      }
    }
  }

  private void requireAscending(ExplanationBatch batch) {
    for (int row = 0; row < batch.count(); row++) {
      long id = batch.ids()[row];
      if (id <= lastId) {
        throw new IllegalArgumentException(
            "%s: id %s after %s, expected ids from 0 in ascending order"
                .formatted(name, id, lastId));
      }
      if (firstId < 0) {
        firstId = id;
      }
      lastId = id;
    }
  }

  private void copy(ExplanationBatch batch, int row, int count, int column) {
    PageBuffer page = open.get(column);
    int end = row + count;
    while (row < end) {
      int fitting = Math.min(end - row, page.room());
      schema.columns().get(column).copy(batch, row, fitting, page);
      row += fitting;
      if (page.room() == 0) {
        pages.get(column).add(page.finish(zstd, scratch));
      }
    }
  }

  private void endGroup() throws IOException {
    parquet.startBlock(groupRows);
    for (int i = 0; i < open.size(); i++) {
      PageBuffer last = open.get(i);
      List<Page> finished = pages.get(i);
      if (!last.empty()) {
        finished.add(last.finish(zstd, scratch));
      }
      long values = finished.stream().mapToLong(page -> page.values).sum();
      parquet.startColumn(last.descriptor(), values, CompressionCodecName.ZSTD);
      for (Page page : finished) {
        parquet.writeDataPage(
            page.values,
            page.uncompressedSize,
            page.bytes(),
            page.statistics,
            page.rows,
            Encoding.RLE,
            Encoding.RLE,
            Encoding.PLAIN);
      }
      parquet.endColumn();
      finished.clear();
    }
    parquet.endBlock();
    groupRows = 0;
  }

  /** Ends and closes the file, and describes it. */
  public PartFile finish() throws IOException {
    if (groupRows > 0) {
      endGroup();
    }
    output.beginEnd();
    parquet.end(schema.footer());
    return new PartFile(name, rows, stream.getPos(), stream.digest(), firstId, lastId);
  }

  @Override
  public void close() throws IOException {
    zstd.close();
    stream.close();
  }
}
