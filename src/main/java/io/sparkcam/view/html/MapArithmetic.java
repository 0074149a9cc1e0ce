package io.sparkcam.view.html;

import io.sparkcam.view.picture.ClassMap;

/** Arithmetic on maps of one size. */
final class MapArithmetic {
  private MapArithmetic() {}

  /** One less the other, pixel by pixel. */
  static ClassMap difference(ClassMap map, ClassMap other) {
    float[] values = map.values();
    float[] less = other.values();
    for (int i = 0; i < values.length; i++) {
      values[i] -= less[i];
    }
    return new ClassMap(map.classIndex(), map.height(), map.width(), values);
  }

  /** Root of the mean of the squared values. */
  static double rootMeanSquare(ClassMap map) {
    double sum = 0;
    for (float value : map.values()) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum / (map.height() * map.width()));
  }
}
