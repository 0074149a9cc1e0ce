package io.sparkcam.data.folder;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.sparkcam.data.ClassNames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The labels of image files as a table with a heading lists them (CSV, TSV). */
final class FileLabels implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BYTES = 256 << 20;
  private static final List<String> IMAGE_COLUMNS =
      List.of(
          "image",
          "file_name",
          "filename",
          "file",
          "image_id",
          "id",
          "img",
          "path",
          "image_path",
          "image_name",
          "name");
  private static final List<String> LABEL_COLUMNS =
      List.of("label", "labels", "class", "category", "target", "breed", "species", "diagnosis");

  /** A whole number, as tables write it where others are missing. */
  private static final Pattern FRACTION = Pattern.compile("^(\\d+)\\.0+$");

  /** By the file's name, as the table writes it. */
  private final HashMap<String, String> labels = new HashMap<>();

  private FileLabels() {}

  /**
   * Reads a table.
   *
   * @param file for messages
   * @param imageColumn of the files' names, with or without directories and extension
   * @param labelColumn of their classes
   */
  static FileLabels read(String file, InputStream in, String imageColumn, String labelColumn)
      throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException(file + ": longer than " + MAX_BYTES + " bytes");
    }
    CsvParserSettings settings = new CsvParserSettings();
    settings.setHeaderExtractionEnabled(false);
    settings.detectFormatAutomatically(',', ';', '\t');
    CsvParser parser = new CsvParser(settings);
    FileLabels labels = new FileLabels();
    try {
      parser.beginParsing(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8);
      String[] heading = parser.parseNext();
      if (heading == null) {
        throw new IOException(file + ": empty, expected a line of column names");
      }
      int image = column(file, heading, imageColumn, IMAGE_COLUMNS, "--image-column");
      int label = column(file, heading, labelColumn, LABEL_COLUMNS, "--label-column");
      for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
        if (row.length > Math.max(image, label) && row[image] != null && row[label] != null) {
          String word = FRACTION.matcher(row[label]).replaceFirst("$1");
          String before = labels.labels.put(row[image], word);
          if (before != null && !before.equals(word)) {
            throw new IOException(
                "%s: image %s has labels %s and %s".formatted(file, row[image], before, word));
          }
        }
      }
    } catch (TextParsingException e) {
      throw new IOException(file + ": line " + e.getLineIndex() + ": not a table", e);
    } finally {
      parser.stopParsing();
    }
    return labels;
  }

  private static int column(
      String file, String[] heading, String asked, List<String> usual, String option)
      throws IOException {
    List<String> names =
        Arrays.stream(heading).map(n -> n == null ? "" : n.toLowerCase(Locale.ROOT)).toList();
    int found = names.indexOf(asked.toLowerCase(Locale.ROOT));
    for (int i = 0; i < usual.size() && found < 0; i++) {
      found = names.indexOf(usual.get(i));
    }
    if (found < 0) {
      throw new IOException(
          "%s: no column %s, found %s: name one with %s"
              .formatted(file, asked, String.join(", ", names), option));
    }
    return found;
  }

  /** All labels that it gives. */
  ClassNames classes() {
    return new ClassNames(List.copyOf(new TreeSet<>(labels.values())));
  }

  /** The label of an image; null if the table has none. */
  String of(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    for (String written : new String[] {name, file, file.substring(0, dot < 0 ? 0 : dot)}) {
      String label = labels.get(written);
      if (label != null) {
        return label;
      }
    }
    return null;
  }
}
