package io.sparkcam.aggregate;

import io.sparkcam.explain.CellRanking;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.MeasuredMap;
import io.sparkcam.explain.OptionalColumns;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * What all rows of a table add up to, gathered while they are written: counts, losses, maps of
 * predicted classes and of pairs of label and prediction, digits for quantiles. Tasks make them,
 * the driver adds them up; the total does not depend on the order, nor on the number of tasks.
 */
public final class ExplanationSums {
  /** Values in the sums of the maps of all classes for all pairs of classes. */
  private static final long MOST_VALUES = 1 << 20;

  private final ExplanationShape shape;
  private final boolean lists;

  /**
   * Values of {@code cam_low} in a row that are added up: of all classes, or of the predicted one.
   */
  private final int lowValues;

  private final FixedPointSums loss = new FixedPointSums(1);
  private final TreeMap<Integer, OfClass> classes = new TreeMap<>();
  private final TreeMap<Long, OfPair> pairs = new TreeMap<>();
  private final DigitCounts digits = DigitCounts.high();
  private final List<FaithfulnessSums> faithfulness = new ArrayList<>();
  private final List<FaithfulnessSums> cells = new ArrayList<>();
  private long flat;

  /** Labels that were predicted, predicted labels that are none, labels that were not predicted. */
  private final long[] several = new long[3];

  /**
   * Images that one class was predicted for: sums of {@code cam} and {@code cam_low}, then of their
   * squares.
   */
  static final class OfClass {
    final FixedPointSums maps;
    long images;
    long hits;

    private OfClass(FixedPointSums maps) {
      this.maps = maps;
    }
  }

  /**
   * Images of one label that one class was predicted for, and the sums of their {@code cam_low}.
   */
  static final class OfPair {
    final FixedPointSums maps;
    long images;

    private OfPair(FixedPointSums maps) {
      this.maps = maps;
    }
  }

  /**
   * Of no rows.
   *
   * @param groups of columns that the table has
   */
  public ExplanationSums(ExplanationShape shape, Set<OptionalColumns> groups) {
    this.shape = shape;
    this.lowValues = ofAllClasses() ? shape.maps() : shape.cells();
    if (groups.contains(OptionalColumns.FAITHFULNESS)) {
      fill(faithfulness, MeasuredMap.values().length);
    }
    this.lists = groups.contains(OptionalColumns.LABELS);
    if (groups.contains(OptionalColumns.CELL_FAITHFULNESS)) {
      fill(cells, CellRanking.values().length);
    }
  }

  private static void fill(List<FaithfulnessSums> sums, int count) {
    for (int i = 0; i < count; i++) {
      sums.add(new FaithfulnessSums());
    }
  }

  /** Adds the rows of a batch. */
  public void add(ExplanationBatch batch) {
    for (int row = 0; row < batch.count(); row++) {
      try {
        add(batch, row);
      } catch (ArithmeticException e) {
        throw new ArithmeticException("id " + batch.ids()[row] + ": " + e.getMessage());
      }
    }
    digits.add(batch.cam(), 0, batch.count() * shape.pixels());
  }

  private void add(ExplanationBatch batch, int row) {
    int label = batch.labels()[row];
    int predicted = batch.predicted()[row];
    flat += batch.camMin()[row] == batch.camMax()[row] ? 1 : 0;
    if (lists) {
      addLabels(batch.labelsOf(row), batch.predictedLabels(row));
    }
    OfClass ofClass = ofClass(predicted);
    ofClass.images++;
    ofClass.hits += label == predicted ? 1 : 0;
    int low = row * shape.maps() + (ofAllClasses() ? 0 : shape.predictedMap(predicted));
    int values = shape.pixels() + lowValues;
    ofClass.maps.add(0, batch.cam(), row * shape.pixels(), shape.pixels());
    ofClass.maps.add(shape.pixels(), batch.camLow(), low, lowValues);
    ofClass.maps.addSquares(values, batch.cam(), row * shape.pixels(), shape.pixels());
    ofClass.maps.addSquares(values + shape.pixels(), batch.camLow(), low, lowValues);
    if (label != ExplanationBatch.NONE) {
      OfPair ofPair = ofPair(pair(label, predicted));
      ofPair.images++;
      ofPair.maps.add(0, batch.camLow(), low, lowValues);
      loss.add(0, shape.head().loss(batch.logits(), row * shape.classes(), shape.classes(), label));
    }
    for (int map = 0; map < faithfulness.size(); map++) {
      int place = row * faithfulness.size() + map;
      faithfulness
          .get(map)
          .add(
              batch.probability()[row],
              batch.maskedProbabilities()[place],
              batch.insertionAreas()[place],
              batch.deletionAreas()[place],
              batch.roadAreas()[place]);
    }
    for (int ranking = 0; ranking < cells.size(); ranking++) {
      int place = row * cells.size() + ranking;
      cells
          .get(ranking)
          .addAreas(batch.cellInsertionAreas()[place], batch.cellDeletionAreas()[place]);
    }
  }

  private void addLabels(int[] labels, int[] predicted) {
    long both = Arrays.stream(predicted).filter(c -> Arrays.binarySearch(labels, c) >= 0).count();
    several[0] += both;
    several[1] += predicted.length - both;
    several[2] += labels.length - both;
  }

  /**
   * Whether maps of all classes are added up, and not that of the predicted class alone: where the
   * table has them and few enough values do.
   */
  boolean ofAllClasses() {
    long classes = shape.classes();
    return shape.mapsAll() && classes * classes * shape.maps() <= MOST_VALUES;
  }

  /** Where the map of the predicted class begins in the sums of {@code cam_low}. */
  int predictedMap(int predicted) {
    return ofAllClasses() ? shape.predictedMap(predicted) : 0;
  }

  /** Values of {@code cam_low} in the sums. */
  int lowValues() {
    return lowValues;
  }

  private OfClass ofClass(int predicted) {
    return classes.computeIfAbsent(
        predicted, made -> new OfClass(new FixedPointSums(2 * (shape.pixels() + lowValues))));
  }

  private OfPair ofPair(long pair) {
    return pairs.computeIfAbsent(pair, made -> new OfPair(new FixedPointSums(lowValues)));
  }

  /** Ascends by label, then by prediction. */
  private static long pair(int label, int predicted) {
    return (long) label << Integer.SIZE | predicted;
  }

  static int label(long pair) {
    return (int) (pair >>> Integer.SIZE);
  }

  static int predicted(long pair) {
    return (int) pair;
  }

  ExplanationShape shape() {
    return shape;
  }

  /** By predicted class, ascending. */
  Map<Integer, OfClass> classes() {
    return classes;
  }

  /** By label and prediction, ascending. */
  Map<Long, OfPair> pairs() {
    return pairs;
  }

  /** Of the values of {@code cam}. */
  DigitCounts digits() {
    return digits;
  }

  /** In the order of {@link MeasuredMap}; none if it was not measured. */
  List<FaithfulnessSums> faithfulness() {
    return faithfulness;
  }

  /** In the order of {@link CellRanking}; none if it was not measured. */
  List<FaithfulnessSums> cells() {
    return cells;
  }

  /** Maps that have the same value everywhere. */
  public long flatMaps() {
    return flat;
  }

  /** Images with a label. */
  public long labelled() {
    return pairs.values().stream().mapToLong(pair -> pair.images).sum();
  }

  /** Labelled images: a row a label, a column a predicted class. */
  public long[][] confusion() {
    long[][] counts = new long[shape.classes()][shape.classes()];
    pairs.forEach((pair, sums) -> counts[label(pair)][predicted(pair)] = sums.images);
    return counts;
  }

  /** Share of the labelled images predicted as labelled. */
  public double accuracy() {
    return (double) classes.values().stream().mapToLong(sums -> sums.hits).sum() / labelled();
  }

  /**
   * Whether the accuracy is that of a guess: within three standard deviations of 1 / C, or below.
   */
  public boolean isGuessing() {
    double guess = 1.0 / shape.classes();
    double chance = guess + 3 * Math.sqrt(guess * (1 - guess) / labelled());
    return chance < 1 && accuracy() <= chance;
  }

  /**
   * Of images that may have several labels: twice the labels that were predicted, by all labels and
   * predicted labels; 1 where there are none.
   */
  public double microF1() {
    long both = 2 * several[0];
    long all = both + several[1] + several[2];
    return all == 0 ? 1 : (double) both / all;
  }

  /** Mean cross-entropy of the labelled images, in nats. */
  public double loss() {
    return loss.sum(0) / labelled();
  }

  /** What {@link #add(byte[])} reads. */
  public byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (DataOutputStream out =
        new DataOutputStream(new DeflaterOutputStream(bytes, deflater, 1 << 16))) {
      out.writeLong(flat);
      for (long count : several) {
        out.writeLong(count);
      }
      loss.write(out);
      out.writeInt(classes.size());
      for (var entry : classes.entrySet()) {
        out.writeInt(entry.getKey());
        out.writeLong(entry.getValue().images);
        out.writeLong(entry.getValue().hits);
        entry.getValue().maps.write(out);
      }
      out.writeInt(pairs.size());
      for (var entry : pairs.entrySet()) {
        out.writeLong(entry.getKey());
        out.writeLong(entry.getValue().images);
        entry.getValue().maps.write(out);
      }
      digits.write(out);
      for (FaithfulnessSums sums : faithfulness) {
        sums.write(out);
      }
      for (FaithfulnessSums sums : cells) {
        sums.write(out);
      }
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  /** Adds what the bytes of others say, of rows of the same table. */
  public void add(byte[] bytes) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
      flat += in.readLong();
      for (int i = 0; i < several.length; i++) {
        several[i] += in.readLong();
      }
      loss.addWritten(in);
      int classCount = in.readInt();
      for (int i = 0; i < classCount; i++) {
        OfClass sums = ofClass(in.readInt());
        sums.images += in.readLong();
        sums.hits += in.readLong();
        sums.maps.addWritten(in);
      }
      int pairCount = in.readInt();
      for (int i = 0; i < pairCount; i++) {
        OfPair sums = ofPair(in.readLong());
        sums.images += in.readLong();
        sums.maps.addWritten(in);
      }
      digits.addWritten(in);
      for (FaithfulnessSums sums : faithfulness) {
        sums.addWritten(in);
      }
      for (FaithfulnessSums sums : cells) {
        sums.addWritten(in);
      }
    }
  }
}
