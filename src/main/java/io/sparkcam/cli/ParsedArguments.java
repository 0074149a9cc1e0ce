package io.sparkcam.cli;

import io.sparkcam.config.ConfigFile;
import io.sparkcam.config.OptionValue;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.job.ClusterPlan;
import io.sparkcam.view.ViewOptions;
import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.ContactSheet;
import io.sparkcam.view.picture.Tint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.ParseResult;

/** What one command was called with. Impossible values are IllegalArgumentExceptions. */
final class ParsedArguments {
  private final ParseResult parsed;
  private final Settings settings;

  /**
   * @param defaults the installation's file of settings, if it has one
   */
  ParsedArguments(ParseResult parsed, Optional<Path> defaults) throws IOException {
    this.parsed = parsed;
    List<Map<Setting<?>, OptionValue>> layers = new ArrayList<>();
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

  private static Map<Setting<?>, OptionValue> flags(ParseResult parsed) {
    Map<Setting<?>, OptionValue> flags = new LinkedHashMap<>();
    for (Setting<?> setting : Setting.all()) {
      if (parsed.hasMatchedOption(setting.flag())) {
        OptionValue given =
            new OptionValue(parsed.matchedOptionValue(setting.flag(), ""), setting.flag());
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
    return run(parsed.matchedPositionalValue(0, ""), Commands.RUN);
  }

  /** Whether all runs are meant, and none is named. */
  boolean all() {
    boolean all = parsed.hasMatchedOption(Commands.ALL_LEFT);
    String run = parsed.matchedPositionalValue(0, "");
    if (all != run.isEmpty()) {
      throw new IllegalArgumentException(
          all ? run + ": give a run or --all, not both" : "missing required parameter: 'RUN'");
    }
    return all;
  }

  /** The run to compare with. */
  String otherRun() {
    return run(parsed.matchedPositionalValue(1, ""), Commands.OTHER);
  }

  /** The run that {@code --reference} names. */
  String reference() {
    return run(given(Commands.REFERENCE).requiredText(), Commands.REFERENCE);
  }

  /** The file of boxes. */
  String boxes() {
    return given(Commands.BOXES).requiredText();
  }

  /** How far a run may be from its reference. */
  double limit() {
    return text(Commands.LIMIT).isPresent() ? given(Commands.LIMIT).positiveReal() : 0.5;
  }

  private String run(String run, String source) {
    if (run.contains("/")) {
      return run;
    }
    OptionValue name = new OptionValue(run, source);
    name.requiredText();
    name.plainName();
    return settings.output().replaceFirst("/+$", "") + "/" + run;
  }

  /** What to clean up, by the name of a run under the output directory. */
  CleanCommand cleaning() {
    OptionValue run = new OptionValue(parsed.matchedPositionalValue(0, ""), Commands.RUN);
    Set<CleanCommand.Mode> modes = EnumSet.noneOf(CleanCommand.Mode.class);
    if (parsed.hasMatchedOption(Commands.DRY_RUN)) {
      modes.add(CleanCommand.Mode.DRY_RUN);
    }
    if (parsed.hasMatchedOption(Commands.ALL_LEFT)) {
      modes.add(CleanCommand.Mode.ALL);
    }
    return new CleanCommand(run.plainName().orElse(""), modes);
  }

  /** A cluster, and what it is to train on. */
  ClusterPlan plan() {
    int cores = text(Commands.CORES).isPresent() ? given(Commands.CORES).positive() : 1;
    return new ClusterPlan(
        given(Commands.EXECUTORS).positive(),
        cores,
        given(Commands.IMAGES).positive(),
        given(Commands.SIZE).shape());
  }

  String model() {
    return given(Commands.MODEL).requiredText();
  }

  int index() {
    return given(ViewOptions.INDEX).ordinal();
  }

  boolean namesClass() {
    return text(ViewOptions.CLASS).isPresent();
  }

  /** The class that {@code --class} names. */
  int namedClass() {
    return given(ViewOptions.CLASS).ordinal();
  }

  /** The class that {@code --against} names. */
  OptionalInt against() {
    return text(ViewOptions.AGAINST).isPresent()
        ? OptionalInt.of(given(ViewOptions.AGAINST).ordinal())
        : OptionalInt.empty();
  }

  /** How many images one sheet is to hold. */
  int count() {
    OptionValue count = given(Commands.COUNT);
    if (count.positive() > ContactSheet.MOST) {
      throw new IllegalArgumentException(
          "%s: %s images, one sheet holds at most %s"
              .formatted(Commands.COUNT, count.positive(), ContactSheet.MOST));
    }
    return count.positive();
  }

  /** Where what is shown goes; empty when that is not said. */
  String file() {
    return textOrNone(ViewOptions.FILE);
  }

  /** Of whoever signed a run; empty: not asked for. */
  String key() {
    return textOrNone(Commands.KEY);
  }

  private String textOrNone(String option) {
    return text(option).isPresent() ? given(option).requiredText() : "";
  }

  ViewOptions look() {
    ViewOptions.Format format =
        text(Commands.FORMAT).isPresent()
            ? given(Commands.FORMAT).oneOf(ViewOptions.Format.class)
            : ViewOptions.Format.PNG;
    String file = file();
    if (format == ViewOptions.Format.TEXT && !file.isEmpty()) {
      throw new IllegalArgumentException(
          ViewOptions.FILE + ": cannot be used with --format text, which prints to the terminal");
    }
    Set<ViewOptions.Detail> details = EnumSet.noneOf(ViewOptions.Detail.class);
    if (parsed.hasMatchedOption(Commands.ALIGNED)) {
      details.add(ViewOptions.Detail.ALIGNED);
    }
    if (parsed.hasMatchedOption(Commands.BOX)) {
      details.add(ViewOptions.Detail.BOX);
    }
    return new ViewOptions(format, tint(), details, file);
  }

  private Tint tint() {
    return text(Commands.COLORMAP).isPresent()
        ? Tint.always(Colormap.named(given(Commands.COLORMAP).requiredText()))
        : Tint.BY_CONFIDENCE;
  }

  private OptionValue given(String option) {
    return new OptionValue(text(option).orElse(""), option);
  }

  private Optional<String> text(String option) {
    return Optional.ofNullable(parsed.matchedOptionValue(option, null));
  }
}
