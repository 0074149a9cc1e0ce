package io.sparkcam.view.picture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The line that goes with an overlay: {@code Predicted Class = 8, Probability = 0.9998739}. */
public final class PredictionLine {
  /** So many significant digits tell any float from its neighbours. */
  private static final int MOST_DIGITS = 9;

  private PredictionLine() {}

  /** The line for one prediction. */
  public static String of(int predicted, float probability) {
    return "Predicted Class = " + predicted + ", Probability = " + decimal(probability);
  }

  /**
   * A probability as NumPy prints a {@code float32}: the shortest decimal that reads back as the
   * same float, of several equally short ones the nearest; below 0.0001 with an exponent of at
   * least two digits. ({@link Float#toString} is not always shortest before JDK 19.)
   *
   * @param probability 0..1
   * @return {@code 0.9998739}, {@code 1.0}, {@code 1e-05}, ...
   */
  public static String decimal(float probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability " + probability + ", expected 0 to 1");
    }
    if (probability == 0) {
      return "0.0";
    }
    BigDecimal shortest =
        IntStream.rangeClosed(1, MOST_DIGITS)
            .mapToObj(digits -> nearest(probability, digits))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow()
            .stripTrailingZeros();
    if (probability < 1e-4) {
      String digits = shortest.unscaledValue().toString();
      int exponent = shortest.scale() - digits.length() + 1;
      String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
      return digits.charAt(0) + fraction + "e-" + (exponent < 10 ? "0" : "") + exponent;
    }
    return shortest.scale() <= 0 ? shortest.toPlainString() + ".0" : shortest.toPlainString();
  }

  /**
   * The decimal of so many digits that reads back as the float, if any. Mostly that is the nearest
   * one, but below a power of two floats lie closer together than above, so the nearest one may
   * read back as another float while its neighbour does not.
   */
  private static Optional<BigDecimal> nearest(float value, int digits) {
    BigDecimal exact = new BigDecimal(value);
    return Stream.of(RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP)
        .map(rounding -> exact.round(new MathContext(digits, rounding)))
        .filter(decimal -> decimal.floatValue() == value)
        .findFirst();
  }
}
