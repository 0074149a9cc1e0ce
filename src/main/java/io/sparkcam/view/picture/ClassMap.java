package io.sparkcam.view.picture;

import java.util.function.IntFunction;

/**
 * A class activation map at image resolution.
 *
 * @param classIndex the class whose evidence it shows
 * @param against the class whose evidence is subtracted, or {@link #NONE}
 * @param height rows
 * @param width columns
 * @param values (row, column) row-major, raw and signed; what is not finite is left uncoloured
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record ClassMap(int classIndex, int against, int height, int width, float[] values) {
  /** No other class. */
  public static final int NONE = -1;

  /** A map of one class. */
  public ClassMap(int classIndex, int height, int width, float[] values) {
    this(classIndex, NONE, height, width, values);
  }

  /** Checks the shape and copies the values. */
  public ClassMap {
    if (classIndex < 0) {
      throw new IllegalArgumentException("map of class " + classIndex + ", expected 0 or more");
    }
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("map " + height + "x" + width + ", expected at least 1x1");
    }
    if (values.length != (long) height * width) {
      throw new IllegalArgumentException(
          "map %sx%s: %s values, expected %s"
              .formatted(height, width, values.length, (long) height * width));
    }
    values = values.clone();
  }

  @Override
  public float[] values() {
    return values.clone();
  }

  /** What it is evidence for, in words. */
  String subject(IntFunction<String> classNames) {
    String shown = classNames.apply(classIndex);
    return against == NONE ? shown : shown + ", not " + classNames.apply(against);
  }

  /** One value. */
  public float at(int row, int column) {
    return values[row * width + column];
  }

  /** The map alone, a pixel a value; grey where it has none. */
  public Picture picture(Colormap colormap, Scale scale) {
    int[] rgb = argb(colormap, scale);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = Colour.opaque(rgb[i]) ? rgb[i] & 0xffffff : Colour.FAINT;
    }
    return new Picture(width, rgb);
  }

  /** One colour a value, row-major 0xAARRGGBB; {@link Colormap#BAD} for what is not finite. */
  int[] argb(Colormap colormap, Scale scale) {
    int[] argb = new int[values.length];
    for (int i = 0; i < argb.length; i++) {
      argb[i] = colormap.argb(scale.position(values[i]));
    }
    return argb;
  }
}
