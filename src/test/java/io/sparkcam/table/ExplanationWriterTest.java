package io.sparkcam.table;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.testing.SharedSpark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SharedSpark
class ExplanationWriterTest {
  /** Two row groups, the second short; several pages of features and of maps in the first. */
  private static final int ROWS = 1_100;

  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir static Path directory;

  private static final ExplanationBatch rows =
      new SampleExplanations(SampleExplanations.LAB).batch(0, ROWS);
  private static Path file;
  private static PartFile part;

  @BeforeAll
  static void writeTable() throws IOException {
    rows.probabilities()[7] = Float.NaN;
    rows.logits()[8] = Float.NEGATIVE_INFINITY;
    rows.logits()[9] = Float.MIN_VALUE;
    // The first value of a row: where batches begin, it is the first of its page's so far.
    rows.features()[10 * rows.shape().features()] = -0.0f;
    file = directory.resolve("part-00000.parquet");
    part = write(file, rows, 100);
  }

  /** Writes the rows again in batches of {@code size}. */
  private static PartFile write(Path file, ExplanationBatch rows, int size) throws IOException {
    ExplanationSchema schema = ExplanationSchema.of(rows.shape());
    ExplanationBatch batch = new ExplanationBatch(rows.shape(), size);
    try (var writer = ExplanationWriter.create(hadoop(file), schema, CONFIGURATION)) {
      for (int row = 0; row < rows.count(); row += size) {
        batch.fill(Math.min(size, rows.count() - row));
        copy(rows, row, batch);
        writer.write(batch);
      }
      return writer.finish();
    }
  }

  private static void copy(ExplanationBatch from, int row, ExplanationBatch to) {
    List<Object> sources = arrays(from);
    List<Object> targets = arrays(to);
    for (int i = 0; i < sources.size(); i++) {
      int length = Array.getLength(sources.get(i)) / from.capacity();
      System.arraycopy(sources.get(i), row * length, targets.get(i), 0, to.count() * length);
    }
  }

  private static List<Object> arrays(ExplanationBatch batch) {
    return List.of(
        batch.ids(),
        batch.labels(),
        batch.predicted(),
        batch.probability(),
        batch.probabilities(),
        batch.logits(),
        batch.features(),
        batch.camLow(),
        batch.cam(),
        batch.camMin(),
        batch.camMax(),
        batch.boxes(),
        batch.auditError());
  }

  private static org.apache.hadoop.fs.Path hadoop(Path file) {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }

  /** One row as the readers give it: in the columns' order, arrays as {@code float[]}. */
  private static List<Object> expected(ExplanationBatch rows, int row) {
    ExplanationShape shape = rows.shape();
    List<Object> values = new ArrayList<>();
    values.add(rows.ids()[row]);
    values.add(orNull(rows.labels()[row]));
    values.add(rows.predicted()[row]);
    values.add(rows.probability()[row]);
    values.add(slice(rows.probabilities(), row, shape.classes()));
    values.add(slice(rows.logits(), row, shape.classes()));
    values.add(slice(rows.features(), row, shape.features()));
    values.add(slice(rows.camLow(), row, shape.maps()));
    values.add(slice(rows.cam(), row, shape.pixels()));
    values.add(rows.camMin()[row]);
    values.add(rows.camMax()[row]);
    for (int i = 0; i < 4; i++) {
      values.add(orNull(rows.boxes()[row * 4 + i]));
    }
    values.add(rows.auditError()[row]);
    return values;
  }

  private static Integer orNull(int value) {
    return value < 0 ? null : value;
  }

  private static float[] slice(float[] values, int row, int length) {
    return Arrays.copyOfRange(values, row * length, (row + 1) * length);
  }

  private static void assertRow(ExplanationBatch rows, int row, List<Object> actual) {
    List<Object> expected = expected(rows, row);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      String place = "row " + row + ", column " + i;
      if (expected.get(i) instanceof float[] floats) {
        // Compares bits, but for the payload of NaN.
        assertTrue(Arrays.equals(floats, (float[]) actual.get(i)), place);
      } else {
        assertEquals(expected.get(i), actual.get(i), place);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sparkReadsEveryBit(boolean vectorised, SparkSession spark) {
    String reader = "spark.sql.parquet.enableNestedColumnVectorizedReader";
    spark.conf().set(reader, vectorised);
    try {
      List<Row> read = spark.read().parquet(file.toString()).orderBy("id").collectAsList();
      assertEquals(ROWS, read.size());
      for (int row = 0; row < ROWS; row++) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < read.get(row).size(); i++) {
          values.add(
              read.get(row).schema().apply(i).dataType().typeName().equals("array")
                  ? floats(read.get(row).getList(i))
                  : read.get(row).get(i));
        }
        assertRow(rows, row, values);
      }
    } finally {
      spark.conf().unset(reader);
    }
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  @Test
  void sparkReadsTheColumnsMetadata(SparkSession spark) {
    for (StructField field : spark.read().parquet(file.toString()).schema().fields()) {
      assertEquals(
          ExplanationSchema.of(rows.shape()).struct().apply(field.name()).metadata(),
          field.metadata());
    }
  }

  @Test
  void sparkFindsARowByItsId(SparkSession spark) {
    Row found = spark.read().parquet(file.toString()).where("id = 1050").select("id", "cam").head();
    assertEquals(1050L, found.getLong(0));
    assertArrayEquals(slice(rows.cam(), 1050, rows.shape().pixels()), floats(found.getList(1)));
  }

  @Test
  void duckDbReadsEveryBit() throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duck.createStatement();
        ResultSet read =
            statement.executeQuery("select * from read_parquet('" + file + "') order by id")) {
      for (int row = 0; row < ROWS; row++) {
        assertTrue(read.next());
        List<Object> values = new ArrayList<>();
        for (int i = 1; i <= read.getMetaData().getColumnCount(); i++) {
          Object value = read.getObject(i);
          values.add(value instanceof java.sql.Array array ? floats(array) : value);
        }
        assertRow(rows, row, values);
      }
      assertFalse(read.next());
    }
  }

  private static float[] floats(java.sql.Array array) throws Exception {
    return floats(Arrays.stream((Object[]) array.getArray()).map(Float.class::cast).toList());
  }

  @Test
  void parquetReadsEveryBitAndChecksEveryPage() throws IOException {
    Configuration checking = new Configuration();
    checking.setBoolean("parquet.page.verify-checksum.enabled", true);
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), hadoop(file)).withConf(checking).build()) {
      for (int row = 0; row < ROWS; row++) {
        assertRow(rows, row, values(reader.read()));
      }
      assertNull(reader.read());
    }
  }

  private static List<Object> values(Group group) {
    GroupType type = group.getType();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < type.getFieldCount(); i++) {
      if (group.getFieldRepetitionCount(i) == 0) {
        values.add(null);
      } else if (!type.getType(i).isPrimitive()) {
        Group list = group.getGroup(i, 0);
        float[] floats = new float[list.getFieldRepetitionCount(0)];
        for (int j = 0; j < floats.length; j++) {
          floats[j] = list.getGroup(0, j).getFloat(0, 0);
        }
        values.add(floats);
      } else {
        values.add(
            switch (type.getType(i).asPrimitiveType().getPrimitiveTypeName()) {
              case INT64 -> (Object) group.getLong(i, 0);
              case INT32 -> group.getInteger(i, 0);
              default -> group.getFloat(i, 0);
            });
      }
    }
    return values;
  }

  @Test
  void layoutIsPlainPagesOfOneMebibyteInGroupsOfEight() throws IOException {
    ParquetMetadata footer = footer(file);
    assertEquals(2, footer.getBlocks().size());
    long total = 0;
    for (BlockMetaData group : footer.getBlocks()) {
      total += group.getRowCount();
      assertTrue(group.getTotalByteSize() < ExplanationWriter.GROUP_BYTES + (1 << 16));
      for (ColumnChunkMetaData column : group.getColumns()) {
        assertEquals(CompressionCodecName.ZSTD, column.getCodec());
        assertTrue(column.getEncodings().contains(Encoding.PLAIN));
        assertFalse(column.hasDictionaryPage());
      }
    }
    assertEquals(ROWS, total);
    try (ParquetFileReader reader = open(file)) {
      PageReadStore group = reader.readNextRowGroup();
      PageReader pages =
          group.getPageReader(
              footer
                  .getFileMetaData()
                  .getSchema()
                  .getColumnDescription(new String[] {"features", "list", "element"}));
      int rowsSeen = 0;
      int pagesSeen = 0;
      while (pages.readPage() instanceof DataPageV1 page) {
        assertTrue(page.getUncompressedSize() < PageBuffer.PAGE_BYTES + (1 << 12));
        assertTrue(page.getCrc().isPresent());
        rowsSeen += page.getIndexRowCount().orElse(page.getValueCount() / 1152);
        pagesSeen++;
      }
      assertEquals(group.getRowCount(), rowsSeen);
      assertEquals(5, pagesSeen);
    }
  }

  private static ParquetFileReader open(Path file) throws IOException {
    return ParquetFileReader.open(
        HadoopInputFile.fromPath(hadoop(file), CONFIGURATION),
        ParquetReadOptions.builder().build());
  }

  private static ParquetMetadata footer(Path file) throws IOException {
    try (ParquetFileReader reader = open(file)) {
      return reader.getFooter();
    }
  }

  @Test
  void statisticsBoundEveryGroup() throws IOException {
    long firstRow = 0;
    for (BlockMetaData group : footer(file).getBlocks()) {
      var ids = group.getColumns().get(0).getStatistics();
      assertEquals(firstRow, ids.genericGetMin());
      assertEquals(firstRow + group.getRowCount() - 1, ids.genericGetMax());
      long nulls = 0;
      for (long row = firstRow; row < firstRow + group.getRowCount(); row++) {
        nulls += rows.labels()[(int) row] < 0 ? 1 : 0;
      }
      assertEquals(nulls, group.getColumns().get(1).getStatistics().getNumNulls());
      firstRow += group.getRowCount();
    }
    var groups = footer(file).getBlocks();
    var features = groups.get(0).getColumns().get(6).getStatistics();
    assertEquals(-0.0f, features.genericGetMin());
    assertTrue((float) features.genericGetMax() <= 1);
    // Bounds are no bounds where a value is not a number: readers drop them.
    assertFalse(groups.get(0).getColumns().get(4).getStatistics().hasNonNullValue());
    assertTrue(groups.get(1).getColumns().get(4).getStatistics().hasNonNullValue());
  }

  @Test
  void partDescribesTheFile() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    assertEquals("part-00000.parquet", part.name());
    assertEquals(ROWS, part.rows());
    assertEquals(bytes.length, part.bytes());
    assertEquals(0, part.firstId());
    assertEquals(ROWS - 1, part.lastId());
    assertEquals(
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
        part.sha256());
    try (var files = Files.list(directory)) {
      assertTrue(files.noneMatch(path -> path.getFileName().toString().endsWith(".crc")));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1018, ROWS})
  void batchesDoNotChangeTheFile(int size) throws IOException {
    PartFile again = write(directory.resolve("batches-of-" + size + ".parquet"), rows, size);
    assertEquals(part.sha256(), again.sha256());
  }

  /** Parquet itself lists them in the order of a hash set, different from JVM to JVM. */
  @Test
  void encodingsAreListedInOrder() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int footer = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).getInt(bytes.length - 8);
    FileMetaData metadata =
        Util.readFileMetaData(new ByteArrayInputStream(bytes, bytes.length - 8 - footer, footer));
    assertFalse(metadata.getRow_groups().isEmpty());
    for (RowGroup group : metadata.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        assertEquals("[PLAIN, RLE]", column.getMeta_data().getEncodings().toString());
      }
    }
  }

  @Test
  void oneRow(SparkSession spark) throws IOException {
    ExplanationBatch one = new SampleExplanations(SampleExplanations.SMALL).batch(5, 6);
    Path file = directory.resolve("one.parquet");
    PartFile part = write(file, one, 1);
    assertEquals(5, part.firstId());
    assertEquals(5, part.lastId());
    Row read = spark.read().parquet(file.toString()).collectAsList().get(0);
    assertEquals(5L, read.getLong(0));
    assertTrue(read.isNullAt(1));
    assertArrayEquals(slice(one.cam(), 0, 63), floats(read.getList(8)));
  }

  @Test
  void emptyTable(SparkSession spark) throws Exception {
    ExplanationBatch none = new SampleExplanations(SampleExplanations.SMALL).batch(0, 0);
    Path file = directory.resolve("empty.parquet");
    PartFile part = write(file, none, 4);
    assertEquals(0, part.rows());
    assertEquals(-1, part.firstId());
    assertEquals(-1, part.lastId());
    var read = spark.read().parquet(file.toString());
    assertEquals(0, read.count());
    assertEquals(ExplanationSchema.of(none.shape()).columns().size(), read.columns().length);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duck.createStatement();
        ResultSet count =
            statement.executeQuery("select count(*) from read_parquet('" + file + "')")) {
      assertTrue(count.next());
      assertEquals(0, count.getLong(1));
    }
  }

  @Test
  void arraysOfOneValue(SparkSession spark) throws IOException {
    ExplanationShape tiny = new ExplanationShape(1, 1, 1, 1, 1, 1);
    ExplanationBatch rows = new SampleExplanations(tiny).batch(0, 20);
    Path file = directory.resolve("tiny.parquet");
    write(file, rows, 8);
    List<Row> read = spark.read().parquet(file.toString()).orderBy("id").collectAsList();
    for (int row = 0; row < 20; row++) {
      assertEquals(List.of(rows.features()[row]), read.get(row).getList(6));
    }
  }

  @Test
  void idsMustAscend() throws IOException {
    SampleExplanations samples = new SampleExplanations(SampleExplanations.SMALL);
    ExplanationSchema schema = ExplanationSchema.of(SampleExplanations.SMALL);
    Path file = directory.resolve("disorder.parquet");
    try (var writer = ExplanationWriter.create(hadoop(file), schema, CONFIGURATION)) {
      writer.write(samples.batch(3, 8));
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> writer.write(samples.batch(7, 9)));
      assertEquals(
          "disorder.parquet: id 7 after 7, expected ids from 0 in ascending order",
          refused.getMessage());
    }
  }

  @Test
  void foreignShapeIsRefused() throws IOException {
    ExplanationSchema schema = ExplanationSchema.of(SampleExplanations.LAB);
    Path file = directory.resolve("foreign.parquet");
    try (var writer = ExplanationWriter.create(hadoop(file), schema, CONFIGURATION)) {
      ExplanationBatch small = new SampleExplanations(SampleExplanations.SMALL).batch(0, 1);
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> writer.write(small));
      assertTrue(
          refused.getMessage().startsWith("foreign.parquet: batch of ExplanationShape[height=9"));
    }
  }

  @Test
  void existingFileIsNotOverwritten() {
    assertThrows(
        IOException.class,
        () ->
            ExplanationWriter.create(
                hadoop(file), ExplanationSchema.of(SampleExplanations.LAB), CONFIGURATION));
  }
}
