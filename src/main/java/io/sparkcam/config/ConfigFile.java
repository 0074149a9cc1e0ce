package io.sparkcam.config;

import io.sparkcam.text.SpellingHint;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of settings, UTF-8: {@code key = value}, one a line; lines that start with {@code #} are
 * comments. It is not read as {@link java.util.Properties}, which keep no line numbers, drop
 * doubled keys and eat backslashes.
 */
public final class ConfigFile {
  private ConfigFile() {}

  /**
   * Where the defaults of this installation are: the file that the system property {@code
   * sparkcam.conf} names, else {@code conf/sparkcam.properties} under the directory that the
   * environment variable {@code SPARKCAM_HOME} names. A file that is not there is no file.
   */
  public static Optional<Path> ofInstallation() {
    Optional<Path> named = Optional.ofNullable(System.getProperty("sparkcam.conf")).map(Path::of);
    return named
        .or(
            () ->
                Optional.ofNullable(System.getenv("SPARKCAM_HOME"))
                    .map(home -> Path.of(home, "conf", "sparkcam.properties")))
        .filter(Files::isRegularFile);
  }

  /**
   * The settings that a file gives.
   *
   * @throws IOException when it cannot be read
   * @throws IllegalArgumentException naming file and line, when it says what cannot be
   */
  public static Map<Setting<?>, OptionValue> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not UTF-8 text", e);
    }
    Map<Setting<?>, OptionValue> settings = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        add(settings, line, file + ":" + (i + 1) + ": ");
      }
    }
    return settings;
  }

  private static void add(Map<Setting<?>, OptionValue> settings, String line, String place) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(place + "expected key = value, found: " + line);
    }
    String key = line.substring(0, equals).strip();
    String value = line.substring(equals + 1).strip();
    Setting<?> setting =
        Setting.named(key)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        place + "unknown key " + key + SpellingHint.hint(key, Setting.keys())));
    OptionValue before = settings.put(setting, new OptionValue(value, place + key));
    if (before != null) {
      throw new IllegalArgumentException(place + key + " is already set, at " + before.source());
    }
  }
}
