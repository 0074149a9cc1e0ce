package io.sparkcam.verify;

/** What a run is checked for, in the order of the report. */
enum Check {
  FILES("files", "every listed file, and no other, with its size and SHA-256"),
  SCHEMA("schema", "every part with the table's columns and its count of rows"),
  IDS("ids", "0, 1, 2 and so on through all parts"),
  VALUES("values", "arrays as long as their shape says, numbers in the range of their column"),
  PREDICTIONS(
      "predictions",
      "class of the largest logit, its probability; label a class; predicted_labels those above the"
          + " threshold"),
  PROBABILITIES(
      "probabilities",
      "softmax of the logits within 1e-5, sum 1 within 1e-5; of a head of sigmoids theirs"),
  AUDIT(
      "audit",
      "audit_error up to 1e-4; mean of each map minus its logit alike in all rows; of maps of"
          + " gradients null"),
  CAM("cam", "zoomed map of the predicted class within 1e-4; cam_min and cam_max its bounds"),
  BOXES("boxes", "inside the image, or null"),
  FAITHFULNESS("faithfulness", "a row's areas are all there or all null"),
  SHAPLEY(
      "shapley",
      "values with the sum of probability less base_probability, within 1e-6 + audit_error / 2;"
          + " as many cells as are counted");

  private final String title;
  private final String meaning;

  Check(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  String title() {
    return title;
  }

  String meaning() {
    return meaning;
  }
}
