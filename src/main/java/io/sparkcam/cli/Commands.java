package io.sparkcam.cli;

import io.sparkcam.config.OptionValue;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Version;
import io.sparkcam.job.ClusterPlan;
import io.sparkcam.view.ViewOptions;
import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.ContactSheet;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands, their options and their help. */
public final class Commands {
  static final String DEFAULT = "run";
  static final String CONFIG = "--config";
  static final String VERBOSE = "--verbose";
  static final String MODEL = "--model";
  static final String COUNT = "--count";
  static final String FORMAT = "--format";
  static final String COLORMAP = "--colormap";
  static final String ALIGNED = "--aligned";
  static final String BOX = "--box";
  static final String DRY_RUN = "--dry-run";
  static final String KEY = "--key";
  static final String ALL_LEFT = "--all";
  static final String RUN = "RUN";
  static final String OTHER = "RUN2";
  static final String REFERENCE = "--reference";
  static final String LIMIT = "--limit";
  static final String BOXES = "--boxes";
  static final String EXECUTORS = "--executors";
  static final String CORES = "--executor-cores";
  static final String IMAGES = "--images";
  static final String SIZE = "--size";

  /** A command: takes all of its arguments first, then has work for a pipeline. */
  @FunctionalInterface
  interface Command {
    Work with(ParsedArguments call);
  }

  /** What a command asks of the pipeline. */
  @FunctionalInterface
  interface Work {
    void on(CommandActions pipeline) throws Exception;
  }

  private static final Set<Setting<?>> ALL = Setting.all();
  private static final Set<Setting<?>> OF_A_RUN = Set.of(Setting.DATA, Setting.OUTPUT);

  private Commands() {}

  /** The whole command line; the user object of each of its subcommands is a {@link Command}. */
  static CommandLine commandLine() {
    CommandSpec root = CommandSpec.create().name("sparkcam");
    root.usageMessage()
        .description(
            "Trains an image classifier on Spark, explains every prediction with class",
            "activation maps, and publishes the explanations as a Parquet table.")
        .customSynopsis("sparkcam [COMMAND] [OPTIONS]")
        .commandListHeading("%nCommands (run is the default):%n")
        .footer(
            "",
            "sparkcam COMMAND --help shows a command's options. Settings are also keys of",
            "conf/sparkcam.properties. Flags override --config FILE, which overrides that file.",
            "",
            "  sparkcam --epochs 5 --run-id first",
            "  sparkcam show-cam first --index 0",
            "  sparkcam show-maps first --class 8 --count 9",
            "",
            "Exit codes: 0 success, 1 bad data or a failed run, 2 invalid arguments.");
    root.version("SparkCAM " + Version.number(), "Java " + Runtime.version());
    root.addOption(help());
    root.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Show the version.")
            .build());
    addCommandsThatMakeRuns(root);
    addCommandsThatReadRuns(root);
    return new CommandLine(root);
  }

  private static void addCommandsThatMakeRuns(CommandSpec root) {
    add(
        root,
        command("run", call -> pipeline -> pipeline.run(call.settings())),
        "Train, explain the test set and report.",
        ALL);
    add(
        root,
        command("roar", call -> pipeline -> pipeline.roar(call.settings())),
        "Run; then remove what the maps rank highest, and retrain.",
        ALL);
    add(
        root,
        command("train", call -> pipeline -> pipeline.train(call.settings())),
        "Train; write the model, its history and checkpoints.",
        ALL);
    CommandSpec explain =
        command(
            "explain",
            call -> {
              String model = call.model();
              return pipeline -> pipeline.explain(call.settings(), model);
            });
    explain.addOption(
        required(
            MODEL,
            "FILE",
            "A model of DL4J (zip), of Keras (h5) or as ONNX, or a run's directory."));
    add(root, explain, "Write the explanations of the test set from a saved model.", ALL);
    add(
        root,
        command("summary", call -> pipeline -> pipeline.summary(call.settings())),
        "Print the network: layers, shapes, parameters.",
        Set.of(Setting.ENGINE));

    CommandSpec plan =
        command(
            "plan",
            call -> {
              ClusterPlan cluster = call.plan();
              return pipeline -> pipeline.plan(call.settings(), cluster);
            });
    plan.addOption(required(EXECUTORS, "N", "Executors of the cluster."));
    plan.addOption(option(CORES, "N", "Cores of each (default: 1).").build());
    plan.addOption(required(IMAGES, "N", "Images to train on."));
    plan.addOption(required(SIZE, "HxWxC", "Their height, width and channels: 28x28x1."));
    add(
        root,
        plan,
        "Predict time, traffic and memory of training on a cluster of cores like this one.",
        Set.of(
            Setting.RECIPE,
            Setting.EPOCHS,
            Setting.BATCH_SIZE,
            Setting.AVERAGING_FREQUENCY,
            Setting.VALIDATION_SPLIT,
            Setting.ENGINE));

    // For submit/: called with another command's arguments, of which only the settings count.
    CommandSpec locate =
        command("locate-data", call -> pipeline -> pipeline.locateData(call.settings()));
    locate.usageMessage().hidden(true);
    locate.parser().unmatchedArgumentsAllowed(true);
    add(root, locate, "Print where the images are, downloading them if needed.", ALL);
  }

  private static void addCommandsThatReadRuns(CommandSpec root) {
    CommandSpec report =
        command(
            "report",
            call -> {
              String file = call.file();
              if (call.all()) {
                return pipeline -> pipeline.reportAll(call.settings(), file);
              }
              String run = call.run();
              return pipeline -> pipeline.report(call.settings(), run, file);
            });
    report.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .type(String.class)
            .paramLabel(RUN)
            .required(false)
            .description("The run's directory, or its id under --output.")
            .build());
    report.addOption(
        flag(ALL_LEFT, "Write a page that leads to the reports of all runs under --output."));
    report.addOption(
        option(ViewOptions.FILE, "PATH", "File to write (default: RUN-report.html beside the run).")
            .build());
    add(root, report, "Write a run's report as one HTML page.", OF_A_RUN);

    CommandSpec showCam = command("show-cam", Commands::showCam);
    showCam.addPositional(run());
    showCam.addOption(index());
    showCam.addOption(
        option(
                ViewOptions.CLASS,
                "C",
                "The class whose map is drawn (default: the predicted class).")
            .build());
    showCam.addOption(
        option(
                ViewOptions.AGAINST,
                "C",
                "Draw --class less this class: why the one and not the other?")
            .build());
    addLook(showCam);
    addMapLook(showCam);
    add(root, showCam, "Draw the map of one test image over it.", OF_A_RUN);

    CommandSpec showMaps = command("show-maps", Commands::showMaps);
    showMaps.addPositional(run());
    showMaps.addOption(required(ViewOptions.CLASS, "C", "The predicted class, from 0."));
    showMaps.addOption(required(COUNT, "N", "How many images, at most " + ContactSheet.MOST + "."));
    addLook(showMaps);
    addMapLook(showMaps);
    add(root, showMaps, "Draw the maps of images predicted as one class.", OF_A_RUN);

    CommandSpec showImage =
        command(
            "show-image",
            call -> {
              String run = call.run();
              int index = call.index();
              ViewOptions look = call.look();
              return pipeline -> pipeline.showImage(call.settings(), run, index, look);
            });
    showImage.addPositional(run());
    showImage.addOption(index());
    addLook(showImage);
    add(root, showImage, "Draw one test image as it is.", OF_A_RUN);

    CommandSpec verify =
        command(
            "verify",
            call -> {
              String run = call.run();
              String key = call.key();
              return pipeline -> pipeline.verify(call.settings(), run, key);
            });
    verify.addPositional(run());
    verify.addOption(
        option(
                KEY,
                "FILE",
                "A PEM file of an Ed25519 public key: its owner must have signed the run.")
            .build());
    add(root, verify, "Read a published run again and check it.", OF_A_RUN);

    CommandSpec prove =
        command(
            "prove",
            call -> {
              String run = call.run();
              int index = call.index();
              return pipeline -> pipeline.prove(call.settings(), run, index);
            });
    prove.addPositional(run());
    prove.addOption(index());
    add(
        root,
        prove,
        "Print SQL for DuckDB that computes one image's logits from its features.",
        OF_A_RUN);

    CommandSpec diff =
        command(
            "diff",
            call -> {
              String run = call.run();
              String other = call.otherRun();
              String file = call.file();
              return pipeline -> pipeline.diff(call.settings(), run, other, file);
            });
    diff.addPositional(run());
    diff.addPositional(
        PositionalParamSpec.builder()
            .index("1")
            .type(String.class)
            .paramLabel(OTHER)
            .required(true)
            .description("The run to compare it with.")
            .build());
    diff.addOption(
        option(
                ViewOptions.FILE,
                "PATH",
                "Page to write, the table beside it (default: RUN-diff-RUN2.html beside the run).")
            .build());
    add(root, diff, "Find the images that two runs explain otherwise.", OF_A_RUN);

    CommandSpec drift =
        command(
            "drift",
            call -> {
              String run = call.run();
              String reference = call.reference();
              double limit = call.limit();
              return pipeline -> pipeline.drift(call.settings(), run, reference, limit);
            });
    drift.addPositional(run());
    drift.addOption(required(REFERENCE, OTHER, "The run to compare it with."));
    drift.addOption(
        option(
                LIMIT,
                "X",
                "Shift of a mean that is too much, in standard deviations of the reference"
                    + " (default: 0.5).")
            .build());
    add(root, drift, "Fail if a run's explanations shifted from a reference's.", OF_A_RUN);

    CommandSpec localise =
        command(
            "localise",
            call -> {
              String run = call.run();
              String boxes = call.boxes();
              return pipeline -> pipeline.localise(call.settings(), run, boxes);
            });
    localise.addPositional(run());
    localise.addOption(
        required(BOXES, "FILE", "A table (CSV): id or source, x0, y0, x1, y1; a line a box."));
    add(root, localise, "Measure how well maps find things: pointing game, MaxBoxAccV2.", OF_A_RUN);

    CommandSpec clean =
        command(
            "clean",
            call -> {
              CleanCommand cleaning = call.cleaning();
              return pipeline -> pipeline.clean(call.settings(), cleaning);
            });
    clean.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .type(String.class)
            .paramLabel(RUN)
            .required(false)
            .description("Remove what this run left, even if it could be resumed.")
            .build());
    clean.addOption(flag(DRY_RUN, "Show what would be removed, remove nothing."));
    clean.addOption(flag(ALL_LEFT, "Also remove runs that could be resumed."));
    add(
        root,
        clean,
        "Remove what unfinished runs left behind.",
        Set.of(Setting.OUTPUT, Setting.SCRATCH));
  }

  private static Work showCam(ParsedArguments call) {
    String run = call.run();
    int index = call.index();
    ViewOptions look = call.look();
    OptionalInt against = call.against();
    if (against.isPresent()) {
      int shownClass = call.namedClass();
      return pipeline ->
          pipeline.showContrast(call.settings(), run, index, shownClass, against.getAsInt(), look);
    }
    if (!call.namesClass()) {
      return pipeline -> pipeline.showCam(call.settings(), run, index, look);
    }
    int shownClass = call.namedClass();
    return pipeline -> pipeline.showCam(call.settings(), run, index, shownClass, look);
  }

  private static Work showMaps(ParsedArguments call) {
    String run = call.run();
    int predictedClass = call.namedClass();
    int count = call.count();
    ViewOptions look = call.look();
    return pipeline -> pipeline.showMaps(call.settings(), run, predictedClass, count, look);
  }

  private static void addLook(CommandSpec command) {
    command.addOption(
        option(FORMAT, "NAME", "png, or text for characters on the terminal (default: png).")
            .build());
    command.addOption(
        option(ViewOptions.FILE, "PATH", "PNG file to write (default: RUN-... beside the run).")
            .build());
  }

  private static void addMapLook(CommandSpec command) {
    command.addOption(
        option(
                COLORMAP,
                "NAME",
                "Of maps: "
                    + Arrays.stream(Colormap.values())
                        .map(Colormap::label)
                        .collect(Collectors.joining(", "))
                    + " (default: greens above a probability of 0.95, reds below).")
            .build());
    command.addOption(
        flag(
            ALIGNED,
            "Align maps with the receptive fields of their cells (default: corners on corners, as SciPy zooms)."));
    command.addOption(
        flag(
            BOX,
            "Draw the box around the largest region of the aligned map above 20% of its maximum."));
  }

  private static CommandSpec command(String name, Command command) {
    return CommandSpec.wrapWithoutInspection(command).name(name);
  }

  private static void add(
      CommandSpec root, CommandSpec command, String description, Set<Setting<?>> settings) {
    command.usageMessage().description(description).sortOptions(false).abbreviateSynopsis(true);
    for (Setting<?> setting : settings) {
      command.addOption(flag(setting));
    }
    command.addOption(
        option(CONFIG, "FILE", "Read settings from this file, one key = value a line.").build());
    command.addOption(flag(VERBOSE, "Print the stack trace of a failure."));
    command.addOption(help());
    root.addSubcommand(command.name(), command);
  }

  private static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).description(description).build();
  }

  private static OptionSpec flag(Setting<?> setting) {
    String builtIn = setting.builtIn().isEmpty() ? "" : " (default: " + setting.builtIn() + ")";
    OptionSpec.Builder flag =
        option(setting.flag(), setting.placeholder(), setting.description() + builtIn);
    if (setting.isSwitch()) {
      flag.arity("0..1").fallbackValue("true");
    }
    return flag.build();
  }

  private static OptionSpec index() {
    return required(ViewOptions.INDEX, "I", "The image's position in the test set, from 0.");
  }

  private static PositionalParamSpec run() {
    return PositionalParamSpec.builder()
        .index("0")
        .type(String.class)
        .paramLabel(RUN)
        .required(true)
        .description("The run's directory, or its id under --output.")
        .build();
  }

  private static OptionSpec required(String name, String placeholder, String description) {
    return option(name, placeholder, description).required(true).build();
  }

  /** Text to picocli: values are checked in {@link OptionValue}, where all complaints are alike. */
  private static OptionSpec.Builder option(String name, String placeholder, String description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .paramLabel(placeholder)
        .description(description);
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Show this help.")
        .build();
  }
}
