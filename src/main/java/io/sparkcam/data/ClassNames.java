package io.sparkcam.data;

import io.sparkcam.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** What the classes of a data set are called; class c is {@code names().get(c)}. */
public record ClassNames(List<String> names) {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  /** As the authors of Fashion-MNIST name them. */
  public static final ClassNames FASHION_MNIST =
      new ClassNames(
          List.of(
              "T-shirt/top",
              "Trouser",
              "Pullover",
              "Dress",
              "Coat",
              "Sandal",
              "Shirt",
              "Sneaker",
              "Bag",
              "Ankle boot"));

  /** Where a data directory may name its classes, one a line; the first that is there counts. */
  private static final List<String> FILES = List.of("labels.txt", "classes.txt");

  private static final String BYTE_ORDER_MARK = "\ufeff";
  private static final int MAX_BYTES = 1 << 22;

  /** More are no classes of images. */
  public static final int MOST = 1 << 16;

  private static final int SHOWN = 10;
  private static final Pattern NUMBERED = Pattern.compile("\\d+\\s+(.+)");

  public ClassNames {
    names = List.copyOf(names);
    if (names.isEmpty() || names.size() > MOST) {
      throw new IllegalArgumentException(names.size() + " class names, expected 1 to " + MOST);
    }
    HashSet<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isBlank() || !seen.add(name)) {
        throw new IllegalArgumentException(
            "class " + i + " is named '" + name + "', expected a name of its own");
      }
      // Names are shown on terminals, which take orders from such.
      String shown = CONTROL.matcher(name).replaceAll("?");
      if (!shown.equals(name)) {
        throw new IllegalArgumentException(
            "class " + i + " is named '" + shown + "', expected no control characters (here ?)");
      }
    }
  }

  /** The digits 0 to {@code count - 1}, for data that names no classes. */
  public static ClassNames digits(int count) {
    return new ClassNames(IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }

  /** The names in the place's {@code labels.txt} or {@code classes.txt}, if it has one. */
  public static Optional<ClassNames> in(DataPlace place, Configuration configuration)
      throws IOException {
    for (String file : FILES) {
      if (place.find(file, configuration).isPresent()) {
        return Optional.of(read(place.file(file, configuration)));
      }
    }
    return Optional.empty();
  }

  /** The names in a file, one a line. */
  public static ClassNames read(ByteSource source) throws IOException {
    try (InputStream in = source.open()) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException(
            source.name()
                + ": longer than "
                + MAX_BYTES
                + " bytes, expected one class name a line");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.startsWith(BYTE_ORDER_MARK)) {
        text = text.substring(1);
      }
      return new ClassNames(text.stripTrailing().lines().map(String::strip).toList());
    } catch (CharacterCodingException e) {
      throw new IOException(source.name() + ": not UTF-8 text", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(source.name() + ": " + e.getMessage(), e);
    }
  }

  public int count() {
    return names.size();
  }

  public String of(int label) {
    return names.get(label);
  }

  /** The first of them, for messages. */
  public String shown() {
    String first = String.join(", ", names.subList(0, Math.min(SHOWN, count())));
    return Printable.of(count() > SHOWN ? first + " and " + (count() - SHOWN) + " more" : first);
  }

  /** What may surprise in the names, a sentence each. */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (count() > 1 && names.stream().allMatch(name -> name.matches("\\d{1,9}"))) {
      List<String> sorted = new ArrayList<>(names);
      sorted.sort(Comparator.comparingInt(Integer::parseInt));
      if (!sorted.equals(names)) {
        remarks.add("classes are in the order of their names as text: " + shown());
      }
    }
    if (names.stream().map(ClassNames::folded).distinct().count() < count()) {
      remarks.add("classes differ by case, blanks or the coding of accents alone: " + shown());
    }
    return remarks;
  }

  /** Says that a part of the data has a class that is none of these. */
  public IOException notOfThese(String where, String name) {
    boolean alike = names.stream().map(ClassNames::folded).anyMatch(folded(name)::equals);
    return new IOException(
        "%s: %s is no class, expected %s%s"
            .formatted(
                where,
                name,
                shown(),
                alike ? "; one differs by case, blanks or the coding of accents alone" : ""));
  }

  private static String folded(String name) {
    return Normalizer.normalize(name.strip(), Form.NFC).toLowerCase(Locale.ROOT);
  }

  /** Says that data has a class that is none of these, which a model has. */
  public IOException unknown(String where, String name) {
    return new IOException(
        "%s: the model has no class %s, it has %s; --labels ignore explains without labels"
            .formatted(where, name, shown()));
  }

  /**
   * The same without the numbers that lines begin with in some data sets ({@code 1 001.Albatross}),
   * where that is how directories are named.
   */
  public ClassNames forWords(List<String> words) {
    List<String> plain = new ArrayList<>();
    for (String name : names) {
      Matcher numbered = NUMBERED.matcher(name);
      plain.add(numbered.matches() ? numbered.group(1) : name);
    }
    return !names.containsAll(words) && plain.containsAll(words) ? new ClassNames(plain) : this;
  }
}
