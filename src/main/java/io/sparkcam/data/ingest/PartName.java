package io.sparkcam.data.ingest;

import io.sparkcam.data.Part;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How directories and files spell the parts of a data set, in any case. */
public final class PartName {
  private static final String WORDS = "([-_ .]?(set|data|images|imgs|split))?1?";

  private static final Map<Part, Pattern> DIRECTORIES =
      Map.of(
          Part.TRAIN, directory("train|training"),
          Part.VALIDATION, directory("val|valid|validation|dev|eval"),
          Part.TEST, directory("test|testing"));

  private static final Map<Part, Pattern> FILES =
      Map.of(
          Part.TRAIN, file("train|training"),
          Part.VALIDATION, file("val|valid|validation|dev|eval"),
          Part.TEST, file("test|testing"));

  private PartName() {}

  private static Pattern directory(String words) {
    return Pattern.compile("(" + words + ")" + WORDS, Pattern.CASE_INSENSITIVE);
  }

  private static Pattern file(String words) {
    return Pattern.compile("(" + words + ")([^a-z].*)?", Pattern.CASE_INSENSITIVE);
  }

  /**
   * The part that a directory of this name holds: {@code Train}, {@code test_set}, {@code test1}.
   */
  public static Optional<Part> ofDirectory(String name) {
    return first(DIRECTORIES, name);
  }

  /** The part that a file of this name belongs to: {@code train-00000-of-00003.parquet}. */
  public static Optional<Part> ofFile(String name) {
    return first(FILES, name);
  }

  /**
   * The parts among directories, by name.
   *
   * @param names of all directories that lie side by side
   */
  public static Map<String, Part> ofDirectories(Collection<String> names) {
    return of(names, PartName::ofDirectory);
  }

  /** The same of files, without their extensions. */
  public static Map<String, Part> ofFiles(Collection<String> names) {
    return of(names, PartName::ofFile);
  }

  /**
   * Those that are called so, else those of one beginning that are several parts, {@code seg_train}
   * and {@code seg_test}.
   */
  private static Map<String, Part> of(
      Collection<String> names, Function<String, Optional<Part>> rule) {
    Map<String, Part> called = new TreeMap<>();
    Map<String, Map<String, Part>> alike = new TreeMap<>();
    for (String name : names) {
      rule.apply(name).ifPresent(part -> called.put(name, part));
      for (int i = 1; i < name.length(); i++) {
        Optional<Part> part = rule.apply(name.substring(i));
        if (part.isPresent() && !Character.isLetterOrDigit(name.charAt(i - 1))) {
          alike
              .computeIfAbsent(name.substring(0, i), beginning -> new TreeMap<>())
              .put(name, part.get());
          break;
        }
      }
    }
    alike.values().removeIf(parts -> Set.copyOf(parts.values()).size() < 2);
    return called.isEmpty() && alike.size() == 1 ? alike.values().iterator().next() : called;
  }

  private static Optional<Part> first(Map<Part, Pattern> patterns, String name) {
    for (Part part : Part.values()) {
      if (patterns.get(part).matcher(name).matches()) {
        return Optional.of(part);
      }
    }
    return Optional.empty();
  }
}
