package io.sparkcam.view.html;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How often each class was taken for which.
 *
 * @param counts (true class, predicted class), of the images whose true class is known
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record ConfusionCounts(long[][] counts) {
  /** Checks that it is a square and copies it. */
  public ConfusionCounts {
    counts = Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    for (long[] row : counts) {
      if (row.length != counts.length) {
        throw new IllegalArgumentException(
            "counts: a row of " + row.length + ", expected " + counts.length);
      }
    }
  }

  @Override
  public long[][] counts() {
    return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
  }

  int classes() {
    return counts.length;
  }

  long at(int label, int predicted) {
    return counts[label][predicted];
  }

  /** Images of a true class. */
  long labelled(int label) {
    return Arrays.stream(counts[label]).sum();
  }

  /** Images that a class was predicted for, of those whose true class is known. */
  long predicted(int predicted) {
    return Arrays.stream(counts).mapToLong(row -> row[predicted]).sum();
  }

  /** Images whose true class is known. */
  long images() {
    return IntStream.range(0, classes()).mapToLong(this::labelled).sum();
  }

  /** Images whose true class is known and was predicted. */
  long hits() {
    return IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum();
  }

  /** The greatest share of any true class that was taken for one other class. */
  double worstShare() {
    double worst = 0;
    for (int label = 0; label < classes(); label++) {
      for (int predicted = 0; predicted < classes(); predicted++) {
        if (label != predicted && at(label, predicted) > 0) {
          worst = Math.max(worst, (double) at(label, predicted) / labelled(label));
        }
      }
    }
    return worst;
  }
}
