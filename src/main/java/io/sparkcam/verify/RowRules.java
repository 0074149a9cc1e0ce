package io.sparkcam.verify;

import io.sparkcam.cam.Zoom;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.MeasuredMap;
import io.sparkcam.explain.OptionalColumns;
import io.sparkcam.network.HeadKind;
import io.sparkcam.table.CellColumns;
import io.sparkcam.table.ExplanationSchema;
import io.sparkcam.table.FaithfulnessColumns;
import io.sparkcam.table.RowReader;
import io.sparkcam.table.TableColumn;
import java.util.List;

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

  private static final double SHAPLEY_TOLERANCE = 1e-6;

  private static final List<String> BOX = List.of("box_x0", "box_y0", "box_x1", "box_y1");

  private final ExplanationShape shape;
  private final ExplanationSchema schema;
  private final double[] offsets;
  private final float[] baseProbabilities;
  private final double threshold;
  private final CheckResults tally;
  private final Zoom zoom;
  private final float[] zoomed;

  /**
   * Starts a check of rows.
   *
   * @param offsets (C): those of one of the rows, or the biases with the sign turned
   * @param baseProbabilities (C) of the classes by their biases alone; not used without Shapley
   *     values
   * @param threshold of predicted labels
   * @param tally receives what is found
   */
  RowRules(
      ExplanationSchema schema,
      double[] offsets,
      float[] baseProbabilities,
      double threshold,
      CheckResults tally) {
    this.schema = schema;
    this.shape = schema.shape();
    this.offsets = offsets;
    this.baseProbabilities = baseProbabilities;
    this.threshold = threshold;
    this.tally = tally;
    zoom = Explainer.zoom(shape);
    zoomed = new float[shape.pixels()];
  }

  /**
   * Mean of each map minus the logit of its class: a value a map.
   *
   * @param mapped the classes of the maps
   */
  static double[] offsets(ExplanationShape shape, float[] maps, float[] logits, int... mapped) {
    double[] offsets = new double[mapped.length];
    for (int i = 0; i < offsets.length; i++) {
      double sum = 0;
      for (int cell = i * shape.cells(); cell < (i + 1) * shape.cells(); cell++) {
        sum += maps[cell];
      }
      offsets[i] = sum / shape.cells() - logits[mapped[i]];
    }
    return offsets;
  }

  void check(RowReader row, long expectedId) {
    tally.examine(Check.IDS);
    if (row.number("id") != expectedId) {
      fail(Check.IDS, row, "expected id " + expectedId + " in its place");
    }
    tally.examine(Check.VALUES);
    for (TableColumn column : schema.columns()) {
      String wrong = column.wrong(row);
      if (!wrong.isEmpty()) {
        fail(Check.VALUES, row, wrong);
        return;
      }
    }
    checkPrediction(row);
    checkProbabilities(row);
    checkAudit(row);
    checkCam(row);
    checkBox(row);
    if (schema.groups().contains(OptionalColumns.FAITHFULNESS)) {
      checkSample(row);
    }
    if (schema.groups().contains(OptionalColumns.SHAPLEY)) {
      checkShapley(row);
    }
    if (schema.groups().contains(OptionalColumns.PREDICTED_LABELS)) {
      checkLabels(row);
    }
  }

  private void checkLabels(RowReader row) {
    float[] probabilities = row.floats("probabilities");
    float[] labels = row.floats(ExplanationSchema.PREDICTED_LABELS);
    int found = 0;
    for (int c = 0; c < shape.classes(); c++) {
      boolean listed = found < labels.length && labels[found] == c;
      found += listed ? 1 : 0;
      if (listed != probabilities[c] > threshold) {
        fail(
            Check.PREDICTIONS,
            row,
            "class %s of probability %s is %s predicted_labels, threshold %s"
                .formatted(c, probabilities[c], listed ? "in" : "not in", threshold));
        return;
      }
    }
  }

  private void checkPrediction(RowReader row) {
    tally.examine(Check.PREDICTIONS);
    float[] logits = row.floats("logits");
    int largest = 0;
    for (int c = 1; c < shape.classes(); c++) {
      largest = logits[c] > logits[largest] ? c : largest;
    }
    int predicted = row.integer("predicted");
    if (!row.isNull("label") && !isClass(row.integer("label"))) {
      fail(
          Check.PREDICTIONS,
          row,
          "label " + row.integer("label") + ", expected one of the classes");
    } else if (!isClass(predicted) || logits[predicted] != logits[largest]) {
      fail(Check.PREDICTIONS, row, "predicted " + predicted + ", expected " + largest);
    } else if (row.real("probability") != row.floats("probabilities")[predicted]) {
      fail(
          Check.PREDICTIONS,
          row,
          "probability %s, expected %s"
              .formatted(row.real("probability"), row.floats("probabilities")[predicted]));
    } else if (schema.groups().contains(OptionalColumns.CAM_CLASSES)) {
      checkMapped(row, shape.mappedClasses(logits, 0));
    }
  }

  private void checkMapped(RowReader row, int... expected) {
    float[] found = row.floats(ExplanationSchema.CAM_CLASSES);
    for (int i = 0; i < expected.length; i++) {
      if (found[i] != expected[i]) {
        fail(
            Check.PREDICTIONS,
            row,
            "cam_classes has %s at %s, expected %s".formatted((int) found[i], i, expected[i]));
        return;
      }
    }
  }

  private boolean isClass(int number) {
    return number >= 0 && number < shape.classes();
  }

  private void checkProbabilities(RowReader row) {
    tally.examine(Check.PROBABILITIES);
    float[] logits = row.floats("logits");
    float[] probabilities = row.floats("probabilities");
    float[] expected = new float[shape.classes()];
    shape.head().probabilities(1, shape.classes(), logits, expected);
    double sum = 0;
    for (float probability : probabilities) {
      sum += probability;
    }
    if (shape.head() == HeadKind.SOFTMAX && !(Math.abs(sum - 1) <= PROBABILITY_TOLERANCE)) {
      fail(Check.PROBABILITIES, row, "probabilities with sum " + sum + ", expected 1");
      return;
    }
    for (int c = 0; c < shape.classes(); c++) {
      if (!(Math.abs(probabilities[c] - expected[c]) <= PROBABILITY_TOLERANCE)) {
        fail(
            Check.PROBABILITIES,
            row,
            "probability " + probabilities[c] + " of class " + c + ", expected " + expected[c]);
        return;
      }
    }
  }

  private void checkAudit(RowReader row) {
    tally.examine(Check.AUDIT);
    if (!shape.method().method().addsUp()) {
      if (!row.isNull("audit_error")) {
        fail(Check.AUDIT, row, "audit_error " + row.real("audit_error") + ", expected null");
      }
      return;
    }
    float auditError = row.real("audit_error");
    if (!(auditError >= 0 && auditError <= VALUE_TOLERANCE)) {
      fail(Check.AUDIT, row, "audit_error " + auditError + ", expected 0 to " + VALUE_TOLERANCE);
      return;
    }
    float[] logits = row.floats("logits");
    int[] mapped = shape.mappedClasses(logits, 0);
    double[] found = offsets(shape, row.floats("cam_low"), logits, mapped);
    for (int i = 0; i < found.length; i++) {
      int c = mapped[i];
      // Each row may be off by the tolerance, this one and the one that the offsets are of.
      if (!(Math.abs(found[i] - offsets[c]) <= 2 * VALUE_TOLERANCE)) {
        fail(
            Check.AUDIT,
            row,
            "mean of the map of class %s minus its logit %s, expected %s as in the first row"
                .formatted(c, found[i], offsets[c]));
        return;
      }
    }
  }

  private void checkCam(RowReader row) {
    tally.examine(Check.CAM);
    int predicted = row.integer("predicted");
    if (!isClass(predicted)) {
      return;
    }
    zoom.zoom(row.floats("cam_low"), shape.predictedMap(predicted), zoomed, 0);
    boolean there = schema.groups().contains(OptionalColumns.CAM);
    float[] cam = there ? row.floats("cam") : zoomed;
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int pixel = 0; pixel < zoomed.length; pixel++) {
      min = Math.min(min, cam[pixel]);
      max = Math.max(max, cam[pixel]);
      if (!(Math.abs(cam[pixel] - zoomed[pixel]) <= VALUE_TOLERANCE)) {
        fail(
            Check.CAM,
            row,
            "cam %s at row %s, column %s, expected %s"
                .formatted(
                    cam[pixel], pixel / shape.width(), pixel % shape.width(), zoomed[pixel]));
        return;
      }
    }
    double tolerance = there ? 0 : VALUE_TOLERANCE;
    if (!(Math.abs(row.real("cam_min") - min) <= tolerance)
        || !(Math.abs(row.real("cam_max") - max) <= tolerance)) {
      fail(
          Check.CAM,
          row,
          "cam_min %s and cam_max %s, expected %s and %s"
              .formatted(row.real("cam_min"), row.real("cam_max"), min, max));
    }
  }

  private void checkBox(RowReader row) {
    tally.examine(Check.BOXES);
    int[] box =
        BOX.stream()
            .mapToInt(side -> row.isNull(side) ? ExplanationBatch.NONE : row.integer(side))
            .toArray();
    boolean inside =
        box[0] >= 0
            && box[1] >= 0
            && box[0] < box[2]
            && box[1] < box[3]
            && box[2] <= shape.width()
            && box[3] <= shape.height();
    if (!inside && !BOX.stream().allMatch(row::isNull)) {
      fail(
          Check.BOXES,
          row,
          "box from (%s, %s) to (%s, %s), expected one inside %s x %s or none"
              .formatted(box[0], box[1], box[2], box[3], shape.width(), shape.height()));
    }
  }

  private void checkSample(RowReader row) {
    tally.examine(Check.FAITHFULNESS);
    boolean sampled = !row.isNull(FaithfulnessColumns.INSERTION_AUC);
    for (MeasuredMap map : MeasuredMap.values()) {
      for (String measure :
          List.of(
              FaithfulnessColumns.INSERTION_AUC,
              FaithfulnessColumns.DELETION_AUC,
              FaithfulnessColumns.ROAD_AUC)) {
        String column = map.column(measure);
        if (row.isNull(column) == sampled) {
          fail(
              Check.FAITHFULNESS,
              row,
              sampled
                  ? column + " null, expected 0 to 1"
                  : "%s %s, expected null".formatted(column, row.real(column)));
          return;
        }
      }
    }
  }

  private void checkShapley(RowReader row) {
    tally.examine(Check.SHAPLEY);
    if (!isClass(row.integer("predicted"))) {
      return;
    }
    double sum = 0;
    for (float value : row.floats(CellColumns.SHAPLEY)) {
      sum += value;
    }
    double expected = row.real("probability") - baseProbabilities[row.integer("predicted")];
    if (!(Math.abs(sum - expected) <= SHAPLEY_TOLERANCE + row.real("audit_error") / 2)) {
      fail(Check.SHAPLEY, row, "shapley with sum %s, expected %s".formatted(sum, expected));
      return;
    }
    for (String set : List.of("sufficient", "deciding")) {
      String count = set + "_count";
      String cells = set + "_cells";
      if (row.isNull(count) != row.isNull(cells)
          || (!row.isNull(count) && Integer.bitCount(row.integer(cells)) != row.integer(count))) {
        fail(Check.SHAPLEY, row, cells + " are not as many as " + count + " says");
        return;
      }
    }
  }

  private void fail(Check check, RowReader row, String message) {
    long id = row.number("id");
    tally.fail(check, id, "id " + id + ": " + message);
  }
}
