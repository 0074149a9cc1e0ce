package io.sparkcam.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.cam.Box;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTableTest {
  private static final ExplanationShape SHAPE = SampleExplanations.SMALL;
  private static final Configuration CONFIGURATION = new Configuration();

  /** Parts of several row groups and of several pages, one of few rows, one of none. */
  private static final long[] ENDS = {40_000, 40_000, 40_003, 50_000};

  @TempDir static java.nio.file.Path directory;
  private static ExplanationBatch all;
  private static TableEntry entry;
  private static RunTable table;

  @BeforeAll
  static void write() throws IOException {
    all = new SampleExplanations(SHAPE).batch(0, ENDS[ENDS.length - 1]);
    Files.createDirectory(directory.resolve(TableEntry.EXPLANATIONS));
    Path tables = new Path(directory.toString(), TableEntry.EXPLANATIONS);
    List<PartFile> parts = new ArrayList<>();
    long first = 0;
    for (long end : ENDS) {
      Path file = new Path(tables, "part-%05d.parquet".formatted(parts.size()));
      try (ExplanationWriter writer =
          ExplanationWriter.create(file, ExplanationSchema.of(SHAPE), CONFIGURATION)) {
        if (end > first) {
          writer.write(new SampleExplanations(SHAPE).batch(first, end));
        }
        parts.add(writer.finish());
      }
      first = end;
    }
    entry = TableEntry.explanations(SHAPE, parts);
    table = new RunTable(new Path(directory.toString()), entry, CONFIGURATION);
  }

  @Test
  void theNumbersOfEveryRowAreHandedOverInOrder() throws IOException {
    List<RowSummary> read = new ArrayList<>();
    table.forEach(read::add);
    assertEquals(
        IntStream.range(0, (int) ENDS[ENDS.length - 1])
            .mapToObj(
                i ->
                    new RowSummary(
                        i,
                        all.labels()[i],
                        all.predicted()[i],
                        all.probability()[i],
                        all.camMin()[i],
                        all.camMax()[i],
                        all.auditError()[i]))
            .toList(),
        read);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 301, 39_999, 40_000, 40_002, 40_003, 49_999})
  void aRowIsWhatWasWritten(long id) throws IOException {
    ExplainedRow row = table.rows(Set.of(id)).get(0);
    int i = (int) id;
    assertEquals(id, row.id());
    assertEquals(all.labels()[i], row.label());
    assertEquals(all.predicted()[i], row.predicted());
    assertEquals(all.probability()[i], row.probability());
    assertArrayEquals(
        Arrays.copyOfRange(all.camLow(), i * SHAPE.maps(), (i + 1) * SHAPE.maps()), row.camLow());
    assertEquals(id % 3 == 0 ? List.of() : List.of(new Box(1, 2, 3 + i % 4, 5)), row.boxes());
  }

  @Test
  void rowsComeInTheOrderOfTheTable() throws IOException {
    List<ExplainedRow> rows = table.rows(Set.of(40_003L, 7L, 40_001L, 3L));
    assertEquals(List.of(3L, 7L, 40_001L, 40_003L), rows.stream().map(ExplainedRow::id).toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1_000_000})
  void theFirstPredictedAsAClassAreFoundAcrossParts(int count) throws IOException {
    int predicted = all.predicted()[40_002];
    List<Long> expected =
        IntStream.range(0, all.count())
            .filter(row -> all.predicted()[row] == predicted)
            .limit(count)
            .mapToObj(row -> (long) row)
            .toList();
    assertEquals(expected, List.copyOf(table.firstPredicted(predicted, count)));
  }

  @Test
  void nothingIsFoundOfAClassThatIsNeverPredicted() throws IOException {
    assertEquals(Set.of(), table.firstPredicted(SHAPE.classes(), 5));
  }

  @Test
  void aRowThatAPartDoesNotHoldIsMissed() {
    PartFile part = entry.parts().get(0);
    PartFile tooLong = new PartFile(part.name(), 40_001, part.bytes(), part.sha256(), 0, ENDS[0]);
    RunTable wrong =
        new RunTable(
            new Path(directory.toString()),
            TableEntry.explanations(SHAPE, List.of(tooLong)),
            CONFIGURATION);
    IOException e = assertThrows(IOException.class, () -> wrong.rows(Set.of(ENDS[0])));
    assertEquals(
        directory + "/explanations/part-00000.parquet: 0 rows of ids [40000], expected 1",
        e.getMessage());
  }

  @Test
  void whatIsNoParquetIsOneMessage(@TempDir java.nio.file.Path other) throws IOException {
    java.nio.file.Path file = other.resolve("explanations/part-00000.parquet");
    Files.createDirectory(file.getParent());
    Files.writeString(file, "PAR1 is not all there is to it PAR1");
    RunTable broken = new RunTable(new Path(other.toString()), entry, CONFIGURATION);
    IOException e = assertThrows(IOException.class, () -> broken.rows(Set.of(1L)));
    assertEquals(file + ": footer of 544500000 bytes, expected 1 to 23", e.getMessage());
  }
}
