package io.sparkcam.bench;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The figures that were asked for, and where they go: a line each, {@code name value unit}. */
final class Figures {
  private static final MathContext DIGITS = new MathContext(4);

  private final PrintStream out;
  private final Set<String> wanted;

  /** Asks for these. */
  Figures(PrintStream out, Collection<String> wanted) {
    this.out = out;
    this.wanted = Set.copyOf(wanted);
  }

  /**
   * Takes the process's standard output for figures alone: what else is printed there goes nowhere.
   */
  static PrintStream takeStandardOutput() {
    PrintStream out = System.out;
    System.setOut(new PrintStream(PrintStream.nullOutputStream(), false));
    return out;
  }

  /** Whether any of these was asked for. */
  boolean want(String... names) {
    return List.of(names).stream().anyMatch(wanted::contains);
  }

  /** Prints a figure if it was asked for, to four digits. */
  void report(String name, double value, String unit) {
    if (wanted.contains(name)) {
      out.println(name + " " + rounded(value) + " " + unit);
      out.flush();
    }
  }

  /** Four digits, however large or small the number. */
  static String rounded(double value) {
    BigDecimal digits = new BigDecimal(value).round(DIGITS);
    return digits.scale() < 0 ? digits.setScale(0).toPlainString() : digits.toPlainString();
  }

  /** The middle one; of two middle ones their mean. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
