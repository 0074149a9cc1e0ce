package io.sparkcam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.training.TrainingPlan;
import io.sparkcam.view.ViewOptions;
import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.Tint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkCamTest {
  @TempDir Path directory;
  private Path defaults;
  private RecordedCalls job;

  @BeforeEach
  void emptyDefaults() throws IOException {
    defaults = Files.createFile(directory.resolve("defaults.properties"));
    job = new RecordedCalls(defaults);
  }

  @ParameterizedTest
  @CsvSource({
    "'', run",
    "run, run",
    "--epochs 3, run",
    "--resume --run-id a, run",
    "--resume --checkpoint-every 3, run",
    "clean, 'clean CleanCommand[run=, modes=[]]'",
    "clean first --output results, 'clean CleanCommand[run=first, modes=[]]'",
    "clean --dry-run, 'clean CleanCommand[run=, modes=[DRY_RUN]]'",
    "clean --all, 'clean CleanCommand[run=, modes=[ALL]]'",
    "train --seed -7, train",
    "explain --model out/a/model.zip, explain out/a/model.zip",
    "report first, report out/first",
    "report first --output results/, report results/first",
    "report ./first, report ./first",
    "report --all, reportAll",
    "report first --file a.html, report out/first a.html",
    "report hdfs:///runs/first, report hdfs:///runs/first",
    "verify first, verify out/first",
    "show-cam first --index 7, showCam out/first 7",
    "show-cam first --index 7 --class 0, showCam out/first 7 0",
    "show-cam first --index 7 --class 0 --against 2, showContrast out/first 7 0 2",
    "diff first results/second, diff out/first results/second",
    "drift first --reference second, drift out/first out/second 0.5",
    "localise first --boxes a/b.csv, localise out/first a/b.csv",
    "show-maps first --class 8 --count 9, showMaps out/first 8 9",
    "prove --index 0 first, prove out/first 0",
    "verify first --key k.pem, verify out/first k.pem",
    "show-image --index 0 first, showImage out/first 0",
    "summary --engine stock, summary",
    "plan --executors 4 --images 9 --size 8x8x3, 'plan ClusterPlan[executors=4, cores=1, images=9, shape=ImageShape[height=8, width=8, channels=3]]'",
    "locate-data, locateData",
    "locate-data explain --model m.zip --epochs 2, locateData",
  })
  void eachCommandAsksThePipelineForOneThing(String line, String call) {
    assertEquals(0, job.execute(words(line)), job.err());
    assertEquals(List.of(call), job.calls);
    assertEquals("", job.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--epochs abc | --epochs: abc is not a positive whole number",
        "--epochs -1 | --epochs: -1 is not a positive whole number",
        "--epochs 0 | --epochs: 0 is not a positive whole number",
        "--epochs=1.5 | --epochs: 1.5 is not a positive whole number",
        "--epochs 2147483648 | --epochs: 2147483648 is more than 2147483647",
        "--epochs 99999999999999999999 | --epochs: 99999999999999999999 does not fit into 64 bits",
        "--epochs= | --epochs: nothing given",
        "--epochs | missing required parameter for option '--epochs' (N)",
        "--epochs 1 --epochs 2 | option '--epochs' (N) should be specified only once",
        "train --batch-size 0 | --batch-size: 0 is not a positive whole number",
        "--workers many | --workers: many is neither a positive whole number nor auto",
        "--train-limit 0 | --train-limit: 0 is neither a positive whole number nor all",
        "--validation-split 1.5 | --validation-split: 1.5 is not a number of at least 0 and below 1",
        "--validation-split 1 | --validation-split: 1 is not a number of at least 0 and below 1",
        "--validation-split -0.1"
            + " | --validation-split: -0.1 is not a number of at least 0 and below 1",
        "--learning-rate NaN | --learning-rate: NaN is not a positive number",
        "--learning-rate 0 | --learning-rate: 0 is not a positive number",
        "--learning-rate 1e999 | --learning-rate: 1e999 is not a positive number",
        "--learning-rate 1f | --learning-rate: 1f is not a positive number",
        "--seed x | --seed: x is not a whole number",
        "--schedule step | --schedule: step is none of constant, cosine, linear",
        "--engine FAST | --engine: FAST is none of fast, stock",
        "--data= | --data: nothing given",
        "--run-id ../x | --run-id: ../x is not a plain name: at most 128 letters, digits, dots,"
            + " underscores and hyphens, a letter or digit first",
        "--checkpoint-every 0 | --checkpoint-every: 0 is neither a positive whole number nor epoch",
        "drift first --reference a --limit 0 | --limit: 0 is not a positive number",
        "show-cam a --index 0 --against 1 | --class: nothing given",
        "report --all first | first: give a run or --all, not both",
        "clean a/b | RUN: a/b is not a plain name: at most 128 letters, digits, dots, underscores"
            + " and hyphens, a letter or digit first",
        "--resume=yes --run-id a | --resume: yes is neither true nor false",
        "--config no/such.properties | --config: no/such.properties is not a file",
        "--epoch 3 | unknown option --epoch; did you mean --epochs?",
        "--epoch=3 | unknown option --epoch; did you mean --epochs?",
        "--colour | unknown option --colour",
        "-x | unknown option -x",
        "summary --epochs 3 | unknown option --epochs",
        "trian | unknown command trian; did you mean train?",
        "frobnicate | unknown command frobnicate",
        "run now | unexpected argument now",
        "--epochs 3 train | train: the command must be the first argument",
        "explain | missing required option: '--model=FILE'",
        "explain --model= | --model: nothing given",
        "report | missing required parameter: 'RUN'",
        "report .. | RUN: .. is not a plain name: at most 128 letters, digits, dots,"
            + " underscores and hyphens, a letter or digit first",
        "show-cam first | missing required option: '--index=I'",
        "show-cam first --index -1 | --index: -1 is not a whole number of at least 0",
        "show-cam first --index 1 --class x | --class: x is not a whole number of at least 0",
        "show-maps first --class 1 --count 0 | --count: 0 is not a positive whole number",
        "show-maps first --class 1 --count 201 | --count: 201 images, one sheet holds at most 200",
        "show-cam first --index 1 --format gif | --format: gif is none of png, text",
        "show-cam first --index 1 --colormap jet | colormap jet, expected one of viridis, greens, reds,"
            + " inferno, coolwarm, gray",
        "show-cam first --index 1 --colormap= | --colormap: nothing given",
        "show-cam first --index 1 --file= | --file: nothing given",
        "show-image first --index 1 --format text --file a.png | --file: cannot be used with --format text, which prints to the terminal",
        "show-image first --index 1 --box | unknown option --box",
      })
  void impossibleArgumentsEndWithCode2AndOneLineBeforeAnythingStarts(String line, String why) {
    assertEquals(2, job.execute(words(line)));
    assertEquals("sparkcam: " + why + "\n", job.err());
    assertEquals("", job.out());
    assertEquals(List.of(), job.calls);
  }

  @Test
  void aFlagCountsBeforeConfigBeforeDefaultsBeforeBuiltIn() throws IOException {
    Files.writeString(defaults, "epochs = 6\nbatch-size = 16\nseed = 1\n");
    Path config = directory.resolve("my.properties");
    Files.writeString(config, "epochs = 7\nbatch-size = 8\n");

    assertEquals(0, job.execute("--config", config.toString(), "--epochs", "8"), job.err());

    Settings settings = job.settings.get(0);
    assertEquals(8, settings.get(Setting.EPOCHS));
    assertEquals(8, settings.or(Setting.BATCH_SIZE, 32));
    assertEquals(1, settings.get(Setting.SEED));
    assertEquals(0.004, settings.or(Setting.LEARNING_RATE, 0.004));
  }

  @Test
  void aFlagCanSwitchOffWhatAFileSwitchesOn() throws IOException {
    Files.writeString(defaults, "resume = true\nrun-id = first\n");
    assertEquals(0, job.execute("--resume=false"), job.err());
    assertFalse(job.settings.get(0).get(Setting.RESUME));
    assertEquals("first", job.settings.get(0).runId());
  }

  @Test
  void whatIsWrongInAFileNamesFileLineAndKey() throws IOException {
    Path config = directory.resolve("my.properties");
    Files.writeString(config, "# mine\n\nepochs = many\n");
    assertEquals(2, job.execute("--config", config.toString()));
    assertEquals(
        "sparkcam: " + config + ":3: epochs: many is not a positive whole number\n", job.err());
  }

  @Test
  void whatIsWrongInTheDefaultsCountsForEveryCommand() throws IOException {
    Files.writeString(defaults, "epoch = 3\n");
    assertEquals(2, job.execute("verify", "first"));
    assertEquals(
        "sparkcam: " + defaults + ":1: unknown key epoch; did you mean epochs?\n", job.err());
  }

  @Test
  void aFailedRunEndsWithCode1AndTheLineThatIsForPeople() {
    Exception failure =
        new ExecutionException(
            new SparkException(
                "Job aborted due to stage failure\nDriver stacktrace:",
                new IOException("train-images-idx3-ubyte.gz: 12 bytes, expected 16")));
    assertEquals(1, job.failingWith(failure).execute("run"));
    assertEquals("sparkcam: train-images-idx3-ubyte.gz: 12 bytes, expected 16\n", job.err());
  }

  @Test
  void whatThePipelineRefusesIsAFailedRunNotAnImpossibleArgument() {
    job.failingWith(new IllegalArgumentException("workers: 9, expected at most 4"));
    assertEquals(1, job.execute("--workers", "9"));
    assertEquals("sparkcam: workers: 9, expected at most 4\n", job.err());
  }

  @Test
  void errorsOfTheMachineAreOneLineToo() {
    assertEquals(1, job.failingWith(new OutOfMemoryError("Java heap space")).execute());
    assertEquals("sparkcam: OutOfMemoryError: Java heap space\n", job.err());
  }

  @Test
  void verboseShowsWhereItHappened() {
    job.failingWith(new IllegalStateException("it broke"));
    assertEquals(1, job.execute("run", "--verbose"));
    assertTrue(job.err().startsWith("sparkcam: it broke\n"), job.err());
    assertTrue(job.err().contains("\tat io.sparkcam."), job.err());
  }

  @Test
  void helpListsTheCommandsButNotTheHiddenOne() {
    assertEquals(0, job.execute("--help"));
    for (String command :
        List.of(
            "run",
            "train",
            "explain",
            "report",
            "show-cam",
            "show-maps",
            "show-image",
            "summary",
            "verify")) {
      assertTrue(job.out().contains("\n  " + command + " "), command);
    }
    assertFalse(job.out().contains("locate-data"));
    assertEquals(List.of(), job.calls);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run --help", "--epochs 3 --help"})
  void helpOfACommandShowsEverySettingAndItsDefault(String line) {
    assertEquals(0, job.execute(words(line)));
    for (Setting<?> setting : Setting.all()) {
      assertTrue(job.out().contains("      " + setting.flag()), setting.flag());
    }
    assertTrue(job.out().contains("Adam's largest learning rate. (default: auto)"));
    assertTrue(job.out().lines().allMatch(text -> text.length() <= 80), job.out());
    assertEquals(List.of(), job.calls);
  }

  @Test
  void versionNamesTheProgram() {
    assertEquals(0, job.execute("--version"));
    assertTrue(job.out().startsWith("SparkCAM "), job.out());
  }

  @Test
  void settingsReachThePipelineTyped() {
    job.execute("--data", "a b", "--workers", "3", "--train-limit=100", "--schedule", "constant");
    Settings settings = job.settings.get(0);
    assertEquals(Optional.of("a b"), settings.get(Setting.DATA));
    assertEquals(3, settings.get(Setting.WORKERS).orElseThrow());
    assertEquals(100, settings.get(Setting.TRAIN_LIMIT).orElseThrow());
    assertTrue(settings.get(Setting.TEST_LIMIT).isEmpty());
    assertEquals(
        TrainingPlan.Schedule.CONSTANT,
        settings.or(Setting.SCHEDULE, TrainingPlan.Schedule.COSINE));
  }

  @Test
  void theLookReachesThePipelineTyped() {
    job.execute(words("show-cam first --index 7"));
    job.execute(words("show-maps first --class 1 --count 2 --format text --colormap Greens --box"));
    job.execute(words("show-cam first --index 7 --class 1 --aligned --file a.png"));
    assertEquals(
        List.of(
            new ViewOptions(ViewOptions.Format.PNG, Tint.BY_CONFIDENCE, Set.of(), ""),
            new ViewOptions(
                ViewOptions.Format.TEXT,
                Tint.always(Colormap.GREENS),
                Set.of(ViewOptions.Detail.BOX),
                ""),
            new ViewOptions(
                ViewOptions.Format.PNG,
                Tint.BY_CONFIDENCE,
                Set.of(ViewOptions.Detail.ALIGNED),
                "a.png")),
        job.looks);
  }

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ", -1);
  }
}
