package io.sparkcam.verify;

import io.sparkcam.cam.Zoom;
import io.sparkcam.table.TableShape;

/**
 * What a row's columns promise of each other, computed again. Of the network it knows the rows
 * alone: the mean of a map minus its logit is minus the bias of the class, so it is one number in
 * all rows.
 */
final class RowRules {
  /**
   * For sums of about ten single-precision numbers of the size of logits and maps, which is about
   * 10; a wrong map is off by much more.
   */
  private static final double VALUE_TOLERANCE = 1e-4;

  /** Single-precision softmax of ten classes is good to 1e-6. */
  private static final double PROBABILITY_TOLERANCE = 1e-5;

  private final TableShape shape;
  private final double[] offsets;
  private final CheckResults tally;
  private final Zoom zoom;
  private final float[] zoomed;

  /**
   * Starts a check of rows.
   *
   * @param offsets (C): those of one of the rows
   * @param tally receives what is found
   */
  RowRules(TableShape shape, double[] offsets, CheckResults tally) {
    this.shape = shape;
    this.offsets = offsets;
    this.tally = tally;
    zoom =
        Zoom.cornerAligned(
            shape.featureHeight(), shape.featureWidth(), shape.height(), shape.width(), 2);
    zoomed = new float[shape.pixels()];
  }

  /** A row of the table. */
  static final class Explained {
    long id;
    int label;
    boolean labelled;
    int predicted;
    float probability;
    float[] probabilities;
    float[] logits;

    /** How many there are. */
    int features;

    float[] maps;
    float[] cam;
    float camMin;
    float camMax;
    final int[] box = new int[4];

    /** How many coordinates are not null. */
    int boxed;

    float auditError;
  }

  /** Mean of each class's map minus its logit: (C). */
  static double[] offsets(TableShape shape, float[] maps, float[] logits) {
    double[] offsets = new double[shape.classes()];
    for (int c = 0; c < offsets.length; c++) {
      double sum = 0;
      for (int cell = c * shape.cells(); cell < (c + 1) * shape.cells(); cell++) {
        sum += maps[cell];
      }
      offsets[c] = sum / shape.cells() - logits[c];
    }
    return offsets;
  }

  void check(Explained row, long expectedId) {
    tally.examine(Check.IDS);
    if (row.id != expectedId) {
      fail(Check.IDS, row, "expected id " + expectedId + " in its place");
    }
    tally.examine(Check.ARRAYS);
    if (!sized(row, "probabilities", row.probabilities.length, shape.classes())
        || !sized(row, "logits", row.logits.length, shape.classes())
        || !sized(row, "features", row.features, shape.features())
        || !sized(row, "cam_low", row.maps.length, shape.maps())
        || !sized(row, "cam", row.cam.length, shape.pixels())) {
      return;
    }
    checkPrediction(row);
    checkProbabilities(row);
    checkAudit(row);
    checkCam(row);
    checkBox(row);
  }

  private boolean sized(Explained row, String column, int found, int expected) {
    if (found != expected) {
      fail(Check.ARRAYS, row, column + " of " + found + " values, expected " + expected);
    }
    return found == expected;
  }

  private void checkPrediction(Explained row) {
    tally.examine(Check.PREDICTIONS);
    int largest = 0;
    for (int c = 1; c < shape.classes(); c++) {
      largest = row.logits[c] > row.logits[largest] ? c : largest;
    }
    if (row.labelled && (row.label < 0 || row.label >= shape.classes())) {
      fail(Check.PREDICTIONS, row, "label " + row.label + ", expected one of the classes");
    } else if (row.predicted < 0
        || row.predicted >= shape.classes()
        || row.logits[row.predicted] != row.logits[largest]) {
      fail(Check.PREDICTIONS, row, "predicted " + row.predicted + ", expected " + largest);
    } else if (row.probability != row.probabilities[row.predicted]) {
      fail(
          Check.PREDICTIONS,
          row,
          "probability " + row.probability + ", expected " + row.probabilities[row.predicted]);
    }
  }

  private void checkProbabilities(Explained row) {
    tally.examine(Check.PROBABILITIES);
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : row.logits) {
      largest = Math.max(largest, logit);
    }
    double total = 0;
    double sum = 0;
    for (int c = 0; c < shape.classes(); c++) {
      total += Math.exp(row.logits[c] - largest);
      sum += row.probabilities[c];
    }
    if (!(Math.abs(sum - 1) <= PROBABILITY_TOLERANCE)) {
      fail(Check.PROBABILITIES, row, "probabilities with sum " + sum + ", expected 1");
      return;
    }
    for (int c = 0; c < shape.classes(); c++) {
      double softmax = Math.exp(row.logits[c] - largest) / total;
      if (!(Math.abs(row.probabilities[c] - softmax) <= PROBABILITY_TOLERANCE)) {
        fail(
            Check.PROBABILITIES,
            row,
            "probability " + row.probabilities[c] + " of class " + c + ", expected " + softmax);
        return;
      }
    }
  }

  private void checkAudit(Explained row) {
    tally.examine(Check.AUDIT);
    if (!(row.auditError >= 0 && row.auditError <= VALUE_TOLERANCE)) {
      fail(
          Check.AUDIT, row, "audit_error " + row.auditError + ", expected 0 to " + VALUE_TOLERANCE);
      return;
    }
    double[] found = offsets(shape, row.maps, row.logits);
    for (int c = 0; c < found.length; c++) {
      // Each row may be off by the tolerance, this one and the one that the offsets are of.
      if (!(Math.abs(found[c] - offsets[c]) <= 2 * VALUE_TOLERANCE)) {
        fail(
            Check.AUDIT,
            row,
            "mean of the map of class %s minus its logit %s, expected %s as in the first row"
                .formatted(c, found[c], offsets[c]));
        return;
      }
    }
  }

  private void checkCam(Explained row) {
    tally.examine(Check.CAM);
    if (row.predicted < 0 || row.predicted >= shape.classes()) {
      return;
    }
    zoom.zoom(row.maps, row.predicted * shape.cells(), zoomed, 0);
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int pixel = 0; pixel < zoomed.length; pixel++) {
      min = Math.min(min, row.cam[pixel]);
      max = Math.max(max, row.cam[pixel]);
      if (!(Math.abs(row.cam[pixel] - zoomed[pixel]) <= VALUE_TOLERANCE)) {
        fail(
            Check.CAM,
            row,
            "cam %s at row %s, column %s, expected %s"
                .formatted(
                    row.cam[pixel], pixel / shape.width(), pixel % shape.width(), zoomed[pixel]));
        return;
      }
    }
    if (row.camMin != min || row.camMax != max) {
      fail(
          Check.CAM,
          row,
          "cam_min %s and cam_max %s, expected %s and %s"
              .formatted(row.camMin, row.camMax, min, max));
    }
  }

  private void checkBox(Explained row) {
    tally.examine(Check.BOXES);
    int[] box = row.box;
    boolean inside =
        box[0] >= 0
            && box[1] >= 0
            && box[0] < box[2]
            && box[1] < box[3]
            && box[2] <= shape.width()
            && box[3] <= shape.height();
    if (row.boxed != 0 && !(row.boxed == 4 && inside)) {
      fail(
          Check.BOXES,
          row,
          "box from (%s, %s) to (%s, %s), expected one inside %s x %s or none"
              .formatted(box[0], box[1], box[2], box[3], shape.width(), shape.height()));
    }
  }

  private void fail(Check check, Explained row, String message) {
    tally.fail(check, row.id, "id " + row.id + ": " + message);
  }
}
