package io.sparkcam.explain;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.HeadKind;
import java.io.Serializable;
import java.util.Objects;
import java.util.Set;

/**
 * The sizes of what is found out about an image.
 *
 * @param height H of an image and of its map, pixels
 * @param width W, pixels
 * @param featureHeight h of the last convolution's output, cells
 * @param featureWidth w, cells
 * @param channels K of the last convolution's output
 * @param classes C
 * @param head what makes probabilities of logits
 * @param method that makes maps
 * @param mapped how many classes a row has maps of: all, or those of the largest logits
 */
public record ExplanationShape(
    int height,
    int width,
    int featureHeight,
    int featureWidth,
    int channels,
    int classes,
    HeadKind head,
    CamMethods method,
    int mapped)
    implements Serializable {

  /** Values of one array in one row: keeps a row, and a page of one row, far within an array. */
  private static final long MOST_VALUES = 1 << 24;

  private static final int FEW = 5;

  public ExplanationShape {
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(method, "method");
    require("images", height, width, 1);
    require("features", featureHeight, featureWidth, channels);
    if (mapped < 1 || mapped > classes) {
      throw new IllegalArgumentException(
          "maps of " + mapped + " classes, expected 1 to " + classes);
    }
    require("maps", featureHeight, featureWidth, mapped);
  }

  /** Of classes that exclude each other, and class activation maps. */
  public ExplanationShape(
      int height, int width, int featureHeight, int featureWidth, int channels, int classes) {
    this(
        height,
        width,
        featureHeight,
        featureWidth,
        channels,
        classes,
        HeadKind.SOFTMAX,
        CamMethods.CAM,
        classes);
  }

  /** What a network is explained in by class activation maps. */
  public static ExplanationShape of(CamNetwork model) {
    return of(model, CamMethods.CAM);
  }

  /** What a network is explained in. */
  public static ExplanationShape of(CamNetwork model, CamMethods method) {
    return new ExplanationShape(
        model.height(),
        model.width(),
        model.featureRows(),
        model.featureColumns(),
        model.featureChannels(),
        model.classes(),
        model.headKind(),
        method,
        model.classes());
  }

  /** The same with maps of as many classes as a table of these columns has. */
  public ExplanationShape with(Set<OptionalColumns> columns) {
    return new ExplanationShape(
        height,
        width,
        featureHeight,
        featureWidth,
        channels,
        classes,
        head,
        method,
        columns.contains(OptionalColumns.CAM_CLASSES) ? Math.min(FEW, classes) : classes);
  }

  /**
   * The classes that a row has maps of, in their order: all, or those of the largest logits, the
   * largest first, of equal ones the lower class.
   *
   * @param logits (C) from {@code from}
   */
  public int[] mappedClasses(float[] logits, int from) {
    int[] largest = new int[mapped];
    for (int c = 0; c < classes; c++) {
      int place = Math.min(c, mapped);
      while (!mapsAll() && place > 0 && logits[from + c] > logits[from + largest[place - 1]]) {
        place--;
        if (place + 1 < mapped) {
          largest[place + 1] = largest[place];
        }
      }
      if (place < mapped) {
        largest[place] = c;
      }
    }
    return largest;
  }

  /** Whether a row has the maps of all classes, in their order. */
  public boolean mapsAll() {
    return mapped == classes;
  }

  /** Where the map of the predicted class begins in a row's {@code cam_low}. */
  public int predictedMap(int predicted) {
    return mapsAll() ? predicted * cells() : 0;
  }

  private static void require(String place, int height, int width, int depth) {
    if (height < 1
        || width < 1
        || height > ImageShape.MAX_SIDE
        || width > ImageShape.MAX_SIDE
        || depth < 1
        || (long) height * width > MOST_VALUES
        || (long) height * width * depth > MOST_VALUES) {
      throw new IllegalArgumentException(
          "table of %s (%s, %s, %s), expected sizes of at least 1 and at most %s values"
              .formatted(place, height, width, depth, MOST_VALUES));
    }
  }

  /** H * W. */
  public int pixels() {
    return height * width;
  }

  /** h * w. */
  public int cells() {
    return featureHeight * featureWidth;
  }

  /** Values of {@code features} in a row: h * w * K. */
  public int features() {
    return cells() * channels;
  }

  /** Values of {@code cam_low} in a row: {@code mapped} * h * w. */
  public int maps() {
    return mapped * cells();
  }
}
