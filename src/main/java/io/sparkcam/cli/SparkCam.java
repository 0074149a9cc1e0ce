package io.sparkcam.cli;

import io.sparkcam.cluster.DriverResult;
import io.sparkcam.config.ConfigFile;
import io.sparkcam.config.UsageException;
import io.sparkcam.run.ScratchDirectory;
import io.sparkcam.text.Console;
import io.sparkcam.text.Printable;
import io.sparkcam.text.SpellingHint;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: what spark-submit starts. */
public final class SparkCam {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int IMPOSSIBLE = 2;
  private static final List<String> OF_THE_PROGRAM = List.of("-h", "--help", "-V", "--version");

  private final CommandActions.Factory pipelines;
  private final Console console;
  private final Optional<Path> defaults;
  private String complaint = "";

  private SparkCam(CommandActions.Factory pipelines, Console console, Optional<Path> defaults) {
    this.pipelines = pipelines;
    this.console = console;
    this.defaults = defaults;
  }

  /** With the settings file of this installation. */
  public static SparkCam of(CommandActions.Factory pipelines, Console console) {
    return new SparkCam(pipelines, console, ConfigFile.ofInstallation());
  }

  /** With this settings file in place of the installation's. */
  public static SparkCam of(CommandActions.Factory pipelines, Console console, Path defaults) {
    return new SparkCam(pipelines, console, Optional.of(defaults));
  }

  public static void main(String[] args) {
    StringWriter said = new StringWriter();
    SparkCam job = of(SparkCommandActions::new, DriverResult.kept(Console.ofProcess(), said));
    int code = job.execute(args);
    try {
      DriverResult.leave(code, job.complaint, said.toString());
    } catch (IOException e) {
      job.complain("the exit code cannot be left for who waits for it: " + ErrorMessage.line(e));
      code = Math.max(code, FAILED);
    }
    // On a cluster's driver, leaving by exit counts as a failure whatever the code.
    if (code != DONE) {
      System.exit(code);
    }
  }

  /**
   * Executes a command. Where the first argument is an option, or there is none, that command is
   * {@code run}.
   *
   * @return 0 when done; 2 for unknown options and impossible values, found before anything is
   *     started but for those that only the run that is shown can tell; 1 for bad data and failed
   *     runs. Unless 0, one line on {@code err} says why.
   */
  public int execute(String... args) {
    try {
      ScratchDirectory.claimTemporary();
    } catch (IOException e) {
      complain(ErrorMessage.line(e));
      return FAILED;
    }
    return Commands.commandLine()
        .setOut(console.out())
        .setErr(console.err())
        .setExecutionStrategy(this::start)
        .setParameterExceptionHandler((e, given) -> refuse(e))
        .execute(withCommand(args));
  }

  private static String[] withCommand(String... args) {
    boolean named =
        args.length > 0 && (!args[0].startsWith("-") || OF_THE_PROGRAM.contains(args[0]));
    return named
        ? args
        : Stream.concat(Stream.of(Commands.DEFAULT), Arrays.stream(args)).toArray(String[]::new);
  }

  private int start(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    ParseResult called = parsed.subcommand();
    CommandSpec spec = called.commandSpec();
    Commands.Work work;
    try {
      work = ((Commands.Command) spec.userObject()).with(new ParsedArguments(called, defaults));
    } catch (IllegalArgumentException | IOException e) {
      throw new ParameterException(spec.commandLine(), ErrorMessage.line(e), e);
    }
    try {
      work.on(pipelines.on(console));
      return DONE;
    } catch (Exception | Error e) {
      if (!ending()) {
        complain(ErrorMessage.line(e));
      }
      if (called.hasMatchedOption(Commands.VERBOSE)) {
        e.printStackTrace(console.err());
      }
      return e instanceof UsageException ? IMPOSSIBLE : FAILED;
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  /** Whether the process was told to end: that what it does fails then is no news. */
  private static boolean ending() {
    try {
      return Runtime.getRuntime().removeShutdownHook(new Thread(() -> {}));
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private int refuse(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      complain(unknown(unmatched));
    } else {
      String message = e.getMessage().lines().findFirst().orElse("impossible arguments");
      complain(message.replaceFirst("^Missing", "missing"));
    }
    return IMPOSSIBLE;
  }

  private static String unknown(UnmatchedArgumentException e) {
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    String word = e.getUnmatched().get(0);
    if (word.startsWith("-")) {
      String option = word.replaceFirst("=.*", "");
      return "unknown option " + option + SpellingHint.hint(option, spec.optionsMap().keySet());
    }
    if (spec.parent() == null) {
      return "unknown command " + word + SpellingHint.hint(word, spec.subcommands().keySet());
    }
    return spec.parent().subcommands().containsKey(word)
        ? word + ": the command must be the first argument"
        : "unexpected argument " + word;
  }

  private void complain(String why) {
    complaint = Printable.of(why);
    console.err().println("sparkcam: " + complaint);
    console.err().flush();
  }
}
