package io.sparkcam.aggregate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.OptionalColumns;
import io.sparkcam.table.SampleExplanations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationSumsTest {
  /** But for lists of labels, which the sample has not. */
  private static final Set<OptionalColumns> ALL =
      EnumSet.complementOf(EnumSet.of(OptionalColumns.LABELS));

  private static final int ROWS = 500;
  private static final ExplanationShape SHAPE = SampleExplanations.SMALL;

  private final SampleExplanations samples = new SampleExplanations(SHAPE);

  private ExplanationBatch batch(long first, long end) {
    ExplanationBatch batch = samples.batch(first, end);
    for (int i = 0; i < batch.count() * 3; i++) {
      long value = batch.ids()[i / 3] * 3 + i % 3;
      batch.maskedProbabilities()[i] = value % 128 / 128f;
      batch.insertionAreas()[i] = value % 5 == 0 ? ExplanationBatch.NONE : value % 64 / 64f;
      batch.deletionAreas()[i] = value % 5 == 0 ? ExplanationBatch.NONE : value % 7 / 7f;
      batch.roadAreas()[i] = value % 5 == 0 ? ExplanationBatch.NONE : value % 11 / 11f;
    }
    for (int i = 0; i < batch.count() * 4; i++) {
      batch.cellInsertionAreas()[i] = (batch.ids()[i / 4] + i % 4) % 9 / 9f;
      batch.cellDeletionAreas()[i] = (batch.ids()[i / 4] + i % 4) % 11 / 11f;
    }
    return batch;
  }

  private ExplanationSums of(long first, long end) {
    ExplanationSums sums = new ExplanationSums(SHAPE, ALL);
    sums.add(batch(first, end));
    return sums;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, ROWS})
  void orderAndPartsChangeNoBit(int size) throws IOException {
    List<byte[]> parts = new ArrayList<>();
    for (int first = 0; first < ROWS; first += size) {
      parts.add(of(first, Math.min(ROWS, first + size)).bytes());
    }
    parts.add(new ExplanationSums(SHAPE, ALL).bytes());
    Collections.shuffle(parts, new Random(size));
    ExplanationSums total = new ExplanationSums(SHAPE, ALL);
    for (byte[] part : parts) {
      total.add(part);
    }
    assertArrayEquals(of(0, ROWS).bytes(), total.bytes());
  }

  @Test
  void figuresAreThoseOfPlainLoops() {
    ExplanationBatch rows = batch(0, ROWS);
    long[][] confusion = new long[4][4];
    double loss = 0;
    int labelled = 0;
    int hits = 0;
    for (int row = 0; row < ROWS; row++) {
      int label = rows.labels()[row];
      if (label >= 0) {
        confusion[label][rows.predicted()[row]]++;
        labelled++;
        hits += label == rows.predicted()[row] ? 1 : 0;
        double sum = 0;
        for (int c = 0; c < 4; c++) {
          sum += Math.exp((double) rows.logits()[row * 4 + c] - rows.logits()[row * 4 + label]);
        }
        loss += Math.log(sum);
      }
    }
    ExplanationSums sums = of(0, ROWS);
    assertEquals(labelled, sums.labelled());
    assertEquals((double) hits / labelled, sums.accuracy());
    // Only rounding in double precision differs.
    assertEquals(loss / labelled, sums.loss(), 1e-12);
    assertArrayEquals(confusion, sums.confusion());
    assertEquals(0, sums.flatMaps());
    assertEquals(ROWS, sums.classes().values().stream().mapToLong(ofClass -> ofClass.images).sum());
  }

  @Test
  void flatMapsAreCounted() {
    ExplanationBatch rows = batch(0, 3);
    rows.camMin()[1] = rows.camMax()[1];
    ExplanationSums sums = new ExplanationSums(SHAPE, ALL);
    sums.add(rows);
    assertEquals(1, sums.flatMaps());
  }

  @Test
  void mapsThatAreNoNumbersAreRefused() {
    ExplanationBatch rows = batch(40, 44);
    rows.camLow()[2 * SHAPE.maps()] = Float.NaN;
    ExplanationSums sums = new ExplanationSums(SHAPE, ALL);
    ArithmeticException refused = assertThrows(ArithmeticException.class, () -> sums.add(rows));
    assertEquals("id 42: value NaN is too large to be summed up", refused.getMessage());
  }
}
