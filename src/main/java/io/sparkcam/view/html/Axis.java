package io.sparkcam.view.html;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** A scale from one round number to another, in round steps of 1, 2 or 5 times a power of ten. */
record Axis(BigDecimal low, BigDecimal high, BigDecimal step) {
  private static final int STEPS = 4;

  /** One that all finite values lie on. */
  static Axis spanning(DoubleStream values) {
    double[] finite = values.filter(Double::isFinite).sorted().toArray();
    double least = finite.length == 0 ? 0 : finite[0];
    double greatest = finite.length == 0 ? 1 : finite[finite.length - 1];
    BigDecimal step = step((greatest - least) / STEPS);
    BigDecimal low = multiple(least, step, RoundingMode.FLOOR);
    BigDecimal high = multiple(greatest, step, RoundingMode.CEILING);
    return new Axis(low, low.compareTo(high) == 0 ? low.add(step) : high, step);
  }

  private static BigDecimal step(double atLeast) {
    if (atLeast <= 0) {
      return new BigDecimal("0.1");
    }
    int exponent = (int) Math.floor(Math.log10(atLeast));
    for (int digit : new int[] {1, 2, 5}) {
      BigDecimal step = BigDecimal.valueOf(digit).scaleByPowerOfTen(exponent);
      if (step.doubleValue() >= atLeast) {
        return step;
      }
    }
    return BigDecimal.ONE.scaleByPowerOfTen(exponent + 1);
  }

  private static BigDecimal multiple(double value, BigDecimal step, RoundingMode rounding) {
    return BigDecimal.valueOf(value).divide(step, 0, rounding).multiply(step);
  }

  /** Where a value stands, 0 at the low end, 1 at the high one. */
  double position(double value) {
    return (value - low.doubleValue()) / (high.doubleValue() - low.doubleValue());
  }

  List<BigDecimal> ticks() {
    List<BigDecimal> ticks = new ArrayList<>();
    for (BigDecimal tick = low; tick.compareTo(high) <= 0; tick = tick.add(step)) {
      ticks.add(tick);
    }
    return ticks;
  }
}
