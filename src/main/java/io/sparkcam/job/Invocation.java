package io.sparkcam.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** What one command was called with. Impossible values are IllegalArgumentExceptions. */
final class Invocation {
  private final ParseResult parsed;
  private final Settings settings;

  /**
   * @param defaults the installation's file of settings, if it has one
   */
  Invocation(ParseResult parsed, Optional<Path> defaults) throws IOException {
    this.parsed = parsed;
    List<Map<Setting, Given>> layers = new ArrayList<>();
    layers.add(flags(parsed));
    Optional<String> config = text(Commands.CONFIG);
    if (config.isPresent()) {
      Path file = Path.of(config.get());
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException(Commands.CONFIG + ": " + file + " is not a file");
      }
      layers.add(ConfigFile.read(file));
    }
    if (defaults.isPresent()) {
      layers.add(ConfigFile.read(defaults.get()));
    }
    this.settings = Settings.of(layers);
  }

  private static Map<Setting, Given> flags(ParseResult parsed) {
    Map<Setting, Given> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      if (parsed.hasMatchedOption(setting.flag())) {
        Given given = new Given(parsed.matchedOptionValue(setting.flag(), ""), setting.flag());
        given.requiredText();
        flags.put(setting, given);
      }
    }
    return flags;
  }

  Settings settings() {
    return settings;
  }

  /** The published run's directory: a path as it is, a plain name as one of the outputs. */
  String run() {
    String run = parsed.matchedPositionalValue(0, "");
    if (run.contains("/")) {
      return run;
    }
    Given name = new Given(run, Commands.RUN);
    name.requiredText();
    name.plainName();
    return settings.output().replaceFirst("/+$", "") + "/" + run;
  }

  String model() {
    return given(Commands.MODEL).requiredText();
  }

  int index() {
    return given(Commands.INDEX).ordinal();
  }

  boolean namesClass() {
    return text(Commands.CLASS).isPresent();
  }

  /** The class that {@code --class} names. */
  int namedClass() {
    return given(Commands.CLASS).ordinal();
  }

  int count() {
    return given(Commands.COUNT).positive();
  }

  private Given given(String option) {
    return new Given(text(option).orElse(""), option);
  }

  private Optional<String> text(String option) {
    return Optional.ofNullable(parsed.matchedOptionValue(option, null));
  }
}
