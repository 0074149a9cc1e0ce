package io.sparkcam.data.ingest;

import io.sparkcam.data.Part;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How directories and files spell the parts of a data set, in any case. */
public final class PartName {
  private static final String WORDS = "([-_ .]?(set|data|images|imgs|split))?";

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

  /** The part that a directory of this name holds: {@code Train}, {@code test_set}, {@code val}. */
  public static Optional<Part> ofDirectory(String name) {
    return first(DIRECTORIES, name);
  }

  /** The part that a file of this name belongs to: {@code train-00000-of-00003.parquet}. */
  public static Optional<Part> ofFile(String name) {
    return first(FILES, name);
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
