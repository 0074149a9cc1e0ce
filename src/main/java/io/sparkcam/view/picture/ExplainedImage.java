package io.sparkcam.view.picture;

import io.sparkcam.cam.Box;
import java.util.List;
import java.util.OptionalInt;

/**
 * An image, what the network made of it, and a map of why.
 *
 * @param id 0-based index in the source
 * @param label true class, or {@link #UNKNOWN}
 * @param predicted the class of the highest probability
 * @param probability of the predicted class, 0..1
 * @param image the pixels
 * @param map the evidence for one class, predicted or not, of the image's height and width
 * @param boxes rectangles to outline; may be empty
 */
public record ExplainedImage(
    long id,
    int label,
    int predicted,
    float probability,
    ImagePixels image,
    ClassMap map,
    List<Box> boxes) {
  /** The label of an image whose true class is not known. */
  public static final int UNKNOWN = -1;

  /** Checks every value against the others and copies the list. */
  public ExplainedImage {
    check(id >= 0, id, "a negative id", "0 or more");
    check(label >= UNKNOWN, id, "label " + label, "0 or more, or -1");
    check(predicted >= 0, id, "predicted class " + predicted, "0 or more");
    check(probability >= 0 && probability <= 1, id, "probability " + probability, "0 to 1");
    check(
        map.height() == image.height() && map.width() == image.width(),
        id,
        "map " + map.height() + "x" + map.width(),
        image.height() + "x" + image.width() + " like the image");
    boxes = List.copyOf(boxes);
    for (Box box : boxes) {
      check(
          box.x1() <= image.width() && box.y1() <= image.height(),
          id,
          box.toString(),
          "inside the image, " + image.width() + " wide and " + image.height() + " high");
    }
  }

  /** The true class, if known. */
  public OptionalInt trueClass() {
    return label == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(label);
  }

  /** Whether the true class is known and another one was predicted. */
  boolean mistaken() {
    return label != UNKNOWN && label != predicted;
  }

  private static void check(boolean holds, long id, String found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("image " + id + ": " + found + ", expected " + expected);
    }
  }
}
