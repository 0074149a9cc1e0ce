package io.sparkcam.job;

import io.sparkcam.report.Colormap;
import io.sparkcam.report.ContactSheet;
import io.sparkcam.report.Tint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** What to clean up, by the name of a run under the output directory. */
  Cleaning cleaning() {
    Given run = new Given(parsed.matchedPositionalValue(0, ""), Commands.RUN);
    Set<Cleaning.Mode> modes = EnumSet.noneOf(Cleaning.Mode.class);
    if (parsed.hasMatchedOption(Commands.DRY_RUN)) {
      modes.add(Cleaning.Mode.DRY_RUN);
    }
    if (parsed.hasMatchedOption(Commands.ALL_LEFT)) {
      modes.add(Cleaning.Mode.ALL);
    }
    return new Cleaning(run.plainName().orElse(""), modes);
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

  /** How many images one sheet is to hold. */
  int count() {
    Given count = given(Commands.COUNT);
    if (count.positive() > ContactSheet.MOST) {
      throw new IllegalArgumentException(
          "%s: %d is more than the %d that a sheet holds"
              .formatted(Commands.COUNT, count.positive(), ContactSheet.MOST));
    }
    return count.positive();
  }

  /** Where what is shown goes; empty when that is not said. */
  String file() {
    return text(Commands.FILE).isPresent() ? given(Commands.FILE).requiredText() : "";
  }

  Look look() {
    Look.Format format =
        text(Commands.FORMAT).isPresent()
            ? given(Commands.FORMAT).oneOf(Look.Format.class)
            : Look.Format.PNG;
    String file = file();
    if (format == Look.Format.TEXT && !file.isEmpty()) {
      throw new IllegalArgumentException(Commands.FILE + ": text goes to the terminal");
    }
    Set<Look.Detail> details = EnumSet.noneOf(Look.Detail.class);
    if (parsed.hasMatchedOption(Commands.ALIGNED)) {
      details.add(Look.Detail.ALIGNED);
    }
    if (parsed.hasMatchedOption(Commands.BOX)) {
      details.add(Look.Detail.BOX);
    }
    return new Look(format, tint(), details, file);
  }

  private Tint tint() {
    return text(Commands.COLORMAP).isPresent()
        ? Tint.always(Colormap.named(given(Commands.COLORMAP).requiredText()))
        : Tint.BY_CONFIDENCE;
  }

  private Given given(String option) {
    return new Given(text(option).orElse(""), option);
  }

  private Optional<String> text(String option) {
    return Optional.ofNullable(parsed.matchedOptionValue(option, null));
  }
}
