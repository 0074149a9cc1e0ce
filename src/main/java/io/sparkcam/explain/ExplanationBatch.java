package io.sparkcam.explain;

import io.sparkcam.cam.Box;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is found out about some images, a row an image: one array a quantity, row-major, room for
 * {@link #capacity()} rows of which the first {@link #count()} hold. Filled, used and filled again;
 * belongs to one thread at a time. The arrays are the batch's own, to be written in place.
 */
public final class ExplanationBatch {
  /** What stands for no value where there may be none. */
  public static final int NONE = -1;

  private final ExplanationShape shape;
  private final int capacity;
  private final LabelSets several;
  private final long[] ids;
  private final int[] labels;
  private final int[] sets;
  private final int[] predicted;
  private final float[] probability;
  private final float[] probabilities;
  private final float[] logits;
  private final float[] features;
  private final int[] camClasses;
  private final float[] camLow;
  private final float[] cam;
  private final float[] camMin;
  private final float[] camMax;
  private final int[] boxes;
  private final float[] auditError;
  private final int[] peaks;
  private final float[] maskedProbabilities;
  private final float[] insertionAreas;
  private final float[] deletionAreas;
  private final float[] roadAreas;
  private final float[] shapley;
  private final int[] sufficientCells;
  private final int[] decidingCells;
  private final float[] cellInsertionAreas;
  private final float[] cellDeletionAreas;
  private int count;

  public ExplanationBatch(ExplanationShape shape, int capacity) {
    this(shape, capacity, LabelSets.NONE);
  }

  /**
   * @param several labels of an image
   */
  public ExplanationBatch(ExplanationShape shape, int capacity, LabelSets several) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "batch of " + capacity + " explanations, expected at least 1");
    }
    this.shape = shape;
    this.capacity = capacity;
    this.several = several;
    ids = new long[capacity];
    labels = new int[capacity];
    Arrays.fill(labels, NONE);
    sets = new int[capacity];
    predicted = new int[capacity];
    probability = new float[capacity];
    probabilities = floats(shape.classes());
    logits = floats(shape.classes());
    features = floats(shape.features());
    camClasses = new int[Math.multiplyExact(capacity, shape.mapped())];
    camLow = floats(shape.maps());
    cam = floats(shape.pixels());
    camMin = new float[capacity];
    camMax = new float[capacity];
    boxes = new int[capacity * 4];
    auditError = new float[capacity];
    peaks = new int[capacity * 2];
    maskedProbabilities = floats(MeasuredMap.values().length);
    insertionAreas = floats(MeasuredMap.values().length);
    deletionAreas = floats(MeasuredMap.values().length);
    roadAreas = floats(MeasuredMap.values().length);
    shapley = floats(CellGroups.of(shape).count());
    sufficientCells = new int[capacity];
    decidingCells = new int[capacity];
    cellInsertionAreas = floats(CellRanking.values().length);
    cellDeletionAreas = floats(CellRanking.values().length);
  }

  private float[] floats(int valuesPerRow) {
    return new float[Math.multiplyExact(capacity, valuesPerRow)];
  }

  public ExplanationShape shape() {
    return shape;
  }

  public int capacity() {
    return capacity;
  }

  /** Rows that hold, from the first on. */
  public int count() {
    return count;
  }

  /** Says how many rows hold, from the first on. */
  public void fill(int rows) {
    if (rows < 0 || rows > capacity) {
      throw new IllegalArgumentException(rows + " rows in a batch, expected 0 to " + capacity);
    }
    count = rows;
  }

  /** Index of the image in its source; ascending, within a batch and from batch to batch. */
  public long[] ids() {
    return ids;
  }

  /** True class, or {@link #NONE}. */
  public int[] labels() {
    return labels;
  }

  /** Class of the largest probability. */
  public int[] predicted() {
    return predicted;
  }

  /** Probability of the predicted class. */
  public float[] probability() {
    return probability;
  }

  /** (rows, C): softmax. */
  public float[] probabilities() {
    return probabilities;
  }

  /** Takes the labels of {@code count} images from {@code first} on. */
  void label(int[] given, int first, int count) {
    System.arraycopy(given, first, several.sets().isEmpty() ? labels : sets, 0, count);
  }

  /** The classes of a row, ascending, where there may be several. */
  public int[] labelsOf(int row) {
    return several.of(sets[row]);
  }

  /** The classes of a row whose probability is above the threshold, ascending. */
  public int[] predictedLabels(int row) {
    int from = row * shape.classes();
    return IntStream.range(0, shape.classes())
        .filter(c -> probabilities[from + c] > several.threshold())
        .toArray();
  }

  /** (rows, C): before softmax. */
  public float[] logits() {
    return logits;
  }

  /** (rows, h, w, K): the last convolution's output. */
  public float[] features() {
    return features;
  }

  /** (rows, {@link ExplanationShape#mapped()}): the classes that have maps. */
  public int[] camClasses() {
    return camClasses;
  }

  /** (rows, {@link ExplanationShape#mapped()}, h, w): their maps, raw and signed. */
  public float[] camLow() {
    return camLow;
  }

  /** (rows, H, W): the predicted class's map, zoomed. */
  public float[] cam() {
    return cam;
  }

  /** Smallest value of {@link #cam()} in each row. */
  public float[] camMin() {
    return camMin;
  }

  /** Largest value of {@link #cam()} in each row. */
  public float[] camMax() {
    return camMax;
  }

  /** (rows, 4): x0, y0, x1, y1 as {@link Box} has them, or four times {@link #NONE}. */
  public int[] boxes() {
    return boxes;
  }

  /** How far the maps are from the logits, or {@link #NONE} where they do not add up to them. */
  public float[] auditError() {
    return auditError;
  }

  /** (rows, 2): x and y of the aligned map's strongest pixel. */
  public int[] peaks() {
    return peaks;
  }

  /**
   * (rows, {@link MeasuredMap}): the predicted class's probability when the image is multiplied by
   * the map.
   */
  public float[] maskedProbabilities() {
    return maskedProbabilities;
  }

  /** (rows, {@link MeasuredMap}): areas under the insertion curves, or {@link #NONE}. */
  public float[] insertionAreas() {
    return insertionAreas;
  }

  /** (rows, {@link MeasuredMap}): areas under the deletion curves, or {@link #NONE}. */
  public float[] deletionAreas() {
    return deletionAreas;
  }

  /** (rows, {@link MeasuredMap}): areas under the curves of imputed pixels, or {@link #NONE}. */
  public float[] roadAreas() {
    return roadAreas;
  }

  /** (rows, {@link CellGroups}): Shapley values of the predicted class's probability. */
  public float[] shapley() {
    return shapley;
  }

  /** The fewest cells that keep the prediction; bit i is cell i. */
  public int[] sufficientCells() {
    return sufficientCells;
  }

  /** The fewest cells without which the prediction is another, or {@link #NONE}. */
  public int[] decidingCells() {
    return decidingCells;
  }

  /** (rows, {@link CellRanking}): areas under the insertion curves of cells. */
  public float[] cellInsertionAreas() {
    return cellInsertionAreas;
  }

  /** (rows, {@link CellRanking}): areas under the deletion curves of cells. */
  public float[] cellDeletionAreas() {
    return cellDeletionAreas;
  }

  /** Sets one row's box, or none. */
  public void box(int row, Optional<Box> box) {
    boxes[row * 4] = box.map(Box::x0).orElse(NONE);
    boxes[row * 4 + 1] = box.map(Box::y0).orElse(NONE);
    boxes[row * 4 + 2] = box.map(Box::x1).orElse(NONE);
    boxes[row * 4 + 3] = box.map(Box::y1).orElse(NONE);
  }
}
