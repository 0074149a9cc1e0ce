package io.sparkcam.config;

import io.sparkcam.data.ImageShape;
import io.sparkcam.text.Printable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A value as somebody wrote it, and where: every complaint about it starts with that place.
 *
 * @param text the value
 * @param source a flag ({@code --epochs}), or file, line and key ({@code my.properties:3: epochs})
 */
public record OptionValue(String text, String source) {
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private static final Pattern TABLE = Pattern.compile("\\w+(\\.\\w+){2,}");
  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,6})x([0-9]{1,6})x([134])");

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})(?:x([0-9]{1,6}))?");
  private static final Pattern COLOUR = Pattern.compile("#[0-9A-Fa-f]{6}");

  Optional<String> optionalText() {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  public String requiredText() {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(source + ": nothing given");
    }
    return text;
  }

  /** A name that is safe as a directory's; empty when none is given. */
  public Optional<String> plainName() {
    if (!text.isEmpty() && !PLAIN_NAME.matcher(text).matches()) {
      throw refused(
          "is not a plain name: at most 128 letters, digits, dots, underscores and hyphens,"
              + " a letter or digit first");
    }
    return optionalText();
  }

  public int positive() {
    return positive("is not a positive whole number");
  }

  /** A positive whole number, or the word, which gives empty. */
  OptionalInt positiveOr(String word) {
    return text.equals(word)
        ? OptionalInt.empty()
        : OptionalInt.of(positive("is neither a positive whole number nor " + word));
  }

  /** Empty for {@code auto}, else what is read. */
  <T> Optional<T> unlessAuto(Function<OptionValue, T> read) {
    return text.equals("auto") ? Optional.empty() : Optional.of(read.apply(this));
  }

  /** A number of at least 0 and below 1. */
  double fraction() {
    double value = real("is not a number of at least 0 and below 1");
    if (value < 0 || value >= 1) {
      throw refused("is not a number of at least 0 and below 1");
    }
    return value;
  }

  /** A fraction above 0, or the word, which gives empty. */
  OptionalDouble fractionOr(String word) {
    if (text.equals(word)) {
      return OptionalDouble.empty();
    }
    String complaint = "is neither a number above 0 and below 1 nor " + word;
    double value = real(complaint);
    if (value <= 0 || value >= 1) {
      throw refused(complaint);
    }
    return OptionalDouble.of(value);
  }

  /** A number; empty when none is given. */
  Optional<Double> optionalReal() {
    return reals().stream().findFirst();
  }

  /** Numbers with commas between them; none when nothing is given. */
  List<Double> reals() {
    return Arrays.stream(text.split(",", -1))
        .filter(number -> !text.isEmpty())
        .map(number -> new OptionValue(number.strip(), source).real("is not a number"))
        .toList();
  }

  List<Double> positiveReals() {
    List<Double> numbers = reals();
    for (double number : numbers) {
      if (number <= 0) {
        throw refused("is not a positive number, or several with commas between them");
      }
    }
    return numbers;
  }

  Optional<String> tableName() {
    if (!text.isEmpty() && !TABLE.matcher(text).matches()) {
      throw refused("is not catalog.database.table, of letters, digits and underscores");
    }
    return optionalText();
  }

  List<Double> ascendingShares() {
    List<Double> shares = reals();
    double before = 0;
    for (double share : shares) {
      if (share <= before || share >= 1) {
        throw refused("is not a list of ascending shares between 0 and 1");
      }
      before = share;
    }
    return shares;
  }

  public double positiveReal() {
    double value = real("is not a positive number");
    if (value <= 0 || Double.isInfinite(value)) {
      throw refused("is not a positive number");
    }
    return value;
  }

  /** A shape such as {@code 32x48x3} (rows, columns, channels), or the word, which gives empty. */
  Optional<ImageShape> shapeOr(String word) {
    if (text.equals(word)) {
      return Optional.empty();
    }
    return Optional.of(shape("is neither a shape such as 28x28x1 nor " + word));
  }

  /** A shape such as {@code 32x48x3}: rows, columns, channels. */
  public ImageShape shape() {
    return shape("is no shape such as 28x28x1");
  }

  private ImageShape shape(String complaint) {
    Matcher sizes = SHAPE.matcher(text);
    if (!sizes.matches()) {
      throw refused(complaint);
    }
    try {
      return new ImageShape(
          Integer.parseInt(sizes.group(1)),
          Integer.parseInt(sizes.group(2)),
          Integer.parseInt(sizes.group(3)));
    } catch (IllegalArgumentException e) {
      throw refused("is no shape: " + e.getMessage());
    }
  }

  /** A height and a width such as {@code 48x64}, or one number for both; none gives empty. */
  Optional<int[]> sizeOrNone() {
    if (text.equals("none")) {
      return Optional.empty();
    }
    Matcher sizes = SIZE.matcher(text);
    if (!sizes.matches()) {
      throw refused("is neither a size such as 224 or 48x64 nor none");
    }
    int height = Integer.parseInt(sizes.group(1));
    int width = sizes.group(2) == null ? height : Integer.parseInt(sizes.group(2));
    if (Math.min(height, width) < 1 || Math.max(height, width) > ImageShape.MAX_SIDE) {
      throw refused("is no size: each side is 1 to " + ImageShape.MAX_SIDE);
    }
    return Optional.of(new int[] {height, width});
  }

  /** A colour as 0xrrggbb, or the word, which gives empty. */
  OptionalInt colourOr(String word) {
    return switch (text) {
      case "white" -> OptionalInt.of(0xffffff);
      case "black" -> OptionalInt.of(0);
      default -> {
        if (text.equals(word)) {
          yield OptionalInt.empty();
        }
        if (!COLOUR.matcher(text).matches()) {
          throw refused("is no colour: white, black, one such as #20c040, or " + word);
        }
        yield OptionalInt.of(Integer.parseInt(text.substring(1), 16));
      }
    };
  }

  /** One of a few numbers, or auto, which gives empty. */
  OptionalInt autoOr(int... numbers) {
    if (text.equals("auto")) {
      return OptionalInt.empty();
    }
    for (int number : numbers) {
      if (text.equals(Integer.toString(number))) {
        return OptionalInt.of(number);
      }
    }
    throw refused(
        "is none of auto, "
            + Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(", ")));
  }

  long whole() {
    return whole("is not a whole number");
  }

  /** A position or a class: 0, 1, 2, ... */
  public int ordinal() {
    String complaint = "is not a whole number of at least 0";
    long value = whole(complaint);
    if (value < 0) {
      throw refused(complaint);
    }
    return bounded(value);
  }

  boolean yes() {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("is neither true nor false");
    };
  }

  public <E extends Enum<E>> E oneOf(Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (text.equals(word(constant))) {
        return constant;
      }
    }
    throw refused("is none of " + words(type));
  }

  /** One of these, or a file whose name ends like this, which gives empty. */
  <E extends Enum<E>> Optional<E> oneOfOrFile(Class<E> type, String ending) {
    return text.endsWith(ending) ? Optional.empty() : Optional.of(oneOf(type));
  }

  /** What {@link #oneOf} takes. */
  static <E extends Enum<E>> String words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(OptionValue::word)
        .collect(Collectors.joining(", "));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private int positive(String complaint) {
    long value = whole(complaint);
    if (value < 1) {
      throw refused(complaint);
    }
    return bounded(value);
  }

  private int bounded(long value) {
    if (value > Integer.MAX_VALUE) {
      throw refused("is more than " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  private long whole(String complaint) {
    if (!WHOLE.matcher(text).matches()) {
      throw refused(complaint);
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw refused("does not fit into 64 bits");
    }
  }

  /** Through BigDecimal, which takes no NaN, no hexadecimal and no {@code 1f}. */
  private double real(String complaint) {
    try {
      return new BigDecimal(text).doubleValue();
    } catch (NumberFormatException e) {
      throw refused(complaint);
    }
  }

  private IllegalArgumentException refused(String why) {
    requiredText();
    return new IllegalArgumentException(source + ": " + Printable.of(text) + " " + why);
  }
}
