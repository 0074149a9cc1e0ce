package io.sparkcam.data.table;

import io.sparkcam.data.DataPlace;
import io.sparkcam.storage.ParquetFooter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/** What the end of a Parquet file says of it. */
final class TableFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENCRYPTED = "PARE".getBytes(StandardCharsets.US_ASCII);
  private static final String LFS = "version https://git-lfs";
  private static final List<CompressionCodecName> READ =
      List.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD,
          CompressionCodecName.LZ4,
          CompressionCodecName.LZ4_RAW);

  /** Of a column's compressed bytes in a split, about. */
  private static final long SPLIT_BYTES = 32L << 20;

  final TableFile file;
  final MessageType schema;
  final Map<String, String> metadata;
  private final List<BlockMetaData> groups;
  private final String name;

  private TableFooter(
      TableFile file,
      String name,
      MessageType schema,
      Map<String, String> metadata,
      List<BlockMetaData> groups) {
    this.file = file;
    this.name = name;
    this.schema = schema;
    this.metadata = metadata;
    this.groups = groups;
  }

  static TableFooter read(DataPlace place, TableFile file, Configuration configuration)
      throws IOException {
    String name = place.resolve(file.path());
    requireParquet(place, file, name, configuration);
    InputFile input = input(place, file, configuration);
    ParquetFooter.check(input, name);
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      var all = reader.getFileMetaData();
      return new TableFooter(
          file, name, all.getSchema(), all.getKeyValueMetaData(), reader.getRowGroups());
    } catch (OutOfMemoryError e) {
      // It must not be a cause: where one is, Spark ends the process.
      throw new IOException(name + ": cannot be read: declares more than memory holds");
    } catch (NullPointerException e) {
      throw new IOException(
          name + ": cannot be read: has a column type that is not known here, such as float16", e);
    } catch (RuntimeException e) {
      // What Parquet throws for bytes that are not its own.
      throw new IOException(name + ": cannot be read: " + e, e);
    }
  }

  /** Whether a file begins as one. */
  static boolean isParquet(DataPlace file, Configuration configuration) throws IOException {
    try (InputStream in = file.open("", configuration)) {
      return begins(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  /** A file as Parquet's library opens it. */
  static InputFile input(DataPlace place, TableFile file, Configuration configuration)
      throws IOException {
    Configuration own = configuration;
    if (place.local() && file.path().contains(":")) {
      // The usual file system looks for a file of check sums, by a name that it cannot form.
      own = new Configuration(configuration);
      own.set("fs.file.impl", RawLocalFileSystem.class.getName());
      own.setBoolean("fs.file.impl.disable.cache", true);
    }
    return HadoopInputFile.fromPath(place.hadoopPath(file.path()), own);
  }

  private static void requireParquet(
      DataPlace place, TableFile file, String name, Configuration configuration)
      throws IOException {
    byte[] start;
    try (InputStream in = place.open(file.path(), configuration)) {
      start = in.readNBytes(LFS.length());
    }
    if (start.length == 0) {
      throw new IOException(name + ": 0 bytes, expected a Parquet file");
    }
    if (new String(start, StandardCharsets.ISO_8859_1).equals(LFS)) {
      throw new IOException(
          name + ": a pointer of Git LFS instead of the file: run git lfs pull where it came from");
    }
    if (begins(start, ENCRYPTED)) {
      throw new IOException(name + ": an encrypted Parquet file");
    }
    if (!begins(start, MAGIC)) {
      throw new IOException(name + ": no Parquet file, it does not begin with PAR1");
    }
    InputFile whole = input(place, file, configuration);
    byte[] end = new byte[MAGIC.length];
    try (SeekableInputStream in = whole.newStream()) {
      in.seek(Math.max(0, whole.getLength() - end.length));
      in.readFully(end);
    }
    if (!begins(end, MAGIC)) {
      throw new IOException(
          name
              + ": cut off or damaged, it does not end with PAR1 after "
              + whole.getLength()
              + " bytes");
    }
  }

  private static boolean begins(byte[] bytes, byte[] with) {
    return bytes.length >= with.length
        && Arrays.equals(bytes, 0, with.length, with, 0, with.length);
  }

  long rows() {
    return groups.stream().mapToLong(BlockMetaData::getRowCount).sum();
  }

  /** Uncompressed, of a column. */
  long bytes(String column) {
    return groups.stream()
        .flatMap(group -> group.getColumns().stream())
        .filter(chunk -> isOf(chunk, column))
        .mapToLong(ColumnChunkMetaData::getTotalUncompressedSize)
        .sum();
  }

  private static boolean isOf(ColumnChunkMetaData chunk, String column) {
    return chunk.getPath().toArray()[0].equals(column);
  }

  /** Refuses a column that is compressed by what is not at hand. */
  void requireReadable(String column) throws IOException {
    for (BlockMetaData group : groups) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        if (isOf(chunk, column) && !READ.contains(chunk.getCodec())) {
          throw new IOException(
              "%s: column %s is compressed by %s, expected one of %s"
                  .formatted(name, column, chunk.getCodec(), READ));
        }
      }
    }
  }

  /** The file in pieces, by the size of a column. */
  List<TableSplit> splits(String column) {
    List<TableSplit> splits = new ArrayList<>();
    int first = 0;
    long firstRow = 0;
    long rows = 0;
    long bytes = 0;
    for (int i = 0; i < groups.size(); i++) {
      BlockMetaData group = groups.get(i);
      rows += group.getRowCount();
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        bytes += isOf(chunk, column) ? chunk.getTotalSize() : 0;
      }
      if (rows > 0 && (bytes >= SPLIT_BYTES || i == groups.size() - 1)) {
        splits.add(new TableSplit(file, first, i + 1 - first, firstRow, rows));
        first = i + 1;
        firstRow += rows;
        rows = 0;
        bytes = 0;
      }
    }
    return splits;
  }

  String name() {
    return name;
  }
}
