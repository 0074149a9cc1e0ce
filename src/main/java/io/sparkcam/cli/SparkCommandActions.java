package io.sparkcam.cli;

import io.sparkcam.cluster.Preflight;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.inputs.StoredData;
import io.sparkcam.job.ClusterPlan;
import io.sparkcam.job.MainJob;
import io.sparkcam.job.ResumedSettings;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.ModelSummary;
import io.sparkcam.run.ManifestSignature;
import io.sparkcam.run.ScratchDirectory;
import io.sparkcam.storage.Storage;
import io.sparkcam.text.Console;
import io.sparkcam.verify.RunVerifier;
import io.sparkcam.verify.VerificationReport;
import io.sparkcam.view.Localisation;
import io.sparkcam.view.OutputFile;
import io.sparkcam.view.PublishedRun;
import io.sparkcam.view.Report;
import io.sparkcam.view.RunDifference;
import io.sparkcam.view.RunDrift;
import io.sparkcam.view.RunIndex;
import io.sparkcam.view.RunProof;
import io.sparkcam.view.RunViewer;
import io.sparkcam.view.TestImages;
import io.sparkcam.view.ViewOptions;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.time.Clock;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipeline on Spark: a session for each command that needs one. */
public final class SparkCommandActions implements CommandActions {
  private static final Logger LOG = LoggerFactory.getLogger(SparkCommandActions.class);

  /** The lab's images and classes: what {@code summary} describes without looking at data. */
  private static final GapCnn LAB = GapCnn.lab(28, 28, 1, 10);

  /** What Spark reserves, one and a half times. */
  private static final long LEAST_MEMORY = 450L << 20;

  /** What Spark writes before it runs anything. */
  private static final long LEAST_TEMPORARY = 3L << 20;

  private final Console console;

  public SparkCommandActions(Console console) {
    this.console = console;
  }

  /** Something to do while Spark runs. */
  @FunctionalInterface
  private interface OnSpark {
    void with(SparkSession spark) throws Exception;
  }

  @Override
  public void run(Settings settings) throws Exception {
    onSpark(settings, spark -> job(spark, settings, "run").run());
  }

  @Override
  public void roar(Settings settings) throws Exception {
    onSpark(settings, spark -> job(spark, settings, "roar").roar());
  }

  @Override
  public void train(Settings settings) throws Exception {
    onSpark(settings, spark -> job(spark, settings, "train").train());
  }

  @Override
  public void explain(Settings settings, String model) throws Exception {
    onSpark(settings, spark -> job(spark, settings, "explain").explain(model));
  }

  private MainJob job(SparkSession spark, Settings given, String command) throws IOException {
    JavaSparkContext sc = new JavaSparkContext(spark.sparkContext());
    Settings settings = onOneFileSystem(given, sc.hadoopConfiguration());
    Preflight.check(sc, settings.output());
    return new MainJob(
        sc, ResumedSettings.settle(settings, command, sc.hadoopConfiguration()), console);
  }

  /** Without a scheme, data is where the output would be, and which place that is, is said. */
  static Settings onOneFileSystem(Settings given, Configuration hadoop) throws IOException {
    String data = given.get(Setting.DATA).orElse("");
    String place = data.isEmpty() ? data : Storage.place(data, hadoop);
    if (place.equals(data)) {
      return given;
    }
    LOG.info(
        "--data {} is {}, Hadoop's default file system (file://{} is this disk)",
        data,
        place,
        data);
    return given.with(Setting.DATA, place);
  }

  /** A session that runs already is somebody else's: it is used, and left running. */
  private static void onSpark(Settings settings, OnSpark work) throws Exception {
    requireMemory(Runtime.getRuntime().maxMemory());
    File temporary = new File(System.getProperty("java.io.tmpdir"));
    requireSpace(temporary, temporary.getUsableSpace());
    boolean running = SparkSession.getDefaultSession().isDefined();
    SparkSession.Builder builder = SparkSession.builder();
    if (!new SparkConf().contains("spark.app.name")) {
      builder.appName("SparkCAM");
    }
    if (settings.get(Setting.SCRATCH).isPresent() && !running) {
      String parent = settings.get(Setting.SCRATCH).get();
      builder.config("spark.local.dir", ScratchDirectory.below(parent).toString());
    }
    SparkSession spark = builder.getOrCreate();
    try {
      work.with(spark);
    } finally {
      if (!running) {
        spark.stop();
      }
    }
  }

  /** What Spark says of too little of it names an option of its own. */
  static void requireMemory(long bytes) throws IOException {
    if (bytes < LEAST_MEMORY) {
      throw new IOException(
          "SPARKCAM_MEMORY: the driver has %s MiB, expected at least 512m".formatted(bytes >> 20));
    }
  }

  /** Spark's own line does not say where there is none. */
  static void requireSpace(File temporary, long bytes) throws IOException {
    if (bytes < LEAST_TEMPORARY) {
      throw new IOException(
          "%s: the temporary directory has %s KiB left, expected at least %s; TMPDIR names another"
              .formatted(temporary, bytes >> 10, LEAST_TEMPORARY >> 10));
    }
  }

  @Override
  public void plan(Settings settings, ClusterPlan cluster) {
    console.out().print(cluster.text(settings));
  }

  @Override
  public void summary(Settings settings) {
    console.out().print(ModelSummary.of(LAB));
  }

  @Override
  public void verify(Settings settings, String run, String key) throws Exception {
    if (!key.isEmpty()) {
      ManifestSignature.require(Storage.path(run), key, Storage.configuration());
      console.out().println("signed by the owner of " + key);
    }
    onSpark(
        settings,
        spark -> {
          VerificationReport report =
              new RunVerifier(JavaSparkContext.fromSparkContext(spark.sparkContext()))
                  .verify(Storage.path(run));
          report.lines().forEach(console.out()::println);
          report.requireSound();
        });
  }

  @Override
  public void prove(Settings settings, String run, int index) throws Exception {
    console
        .out()
        .print(RunProof.of(PublishedRun.open(Storage.path(run), Storage.configuration()), index));
  }

  @Override
  public void diff(Settings settings, String run, String other, String file) throws Exception {
    PublishedRun first = PublishedRun.open(Storage.path(run), Storage.configuration());
    PublishedRun second = PublishedRun.open(Storage.path(other), Storage.configuration());
    OutputFile page = first.differenceFile(file, second);
    new RunDifference(first, second).write(page).forEach(console.out()::println);
  }

  @Override
  public void drift(Settings settings, String run, String reference, double limit)
      throws Exception {
    new RunDrift(
            PublishedRun.open(Storage.path(run), Storage.configuration()),
            PublishedRun.open(Storage.path(reference), Storage.configuration()),
            limit)
        .require(console.out()::print);
  }

  @Override
  public void localise(Settings settings, String run, String boxes) throws Exception {
    PublishedRun published = PublishedRun.open(Storage.path(run), Storage.configuration());
    new Localisation(published)
        .measure(java.nio.file.Path.of(boxes))
        .forEach(console.out()::println);
  }

  @Override
  public void clean(Settings settings, CleanCommand cleaning) throws Exception {
    cleaning.clean(settings.output(), Storage.configuration(), Clock.systemUTC(), console.out());
    String temporary = System.getProperty("java.io.tmpdir");
    cleaning.cleanScratch(settings.get(Setting.SCRATCH).orElse(temporary), console.out());
  }

  @Override
  public void locateData(Settings settings) throws Exception {
    console.out().println(StoredData.locate(settings, console.err()::println));
  }

  @Override
  public void report(Settings settings, String run, String file) throws Exception {
    PublishedRun published = PublishedRun.open(Storage.path(run), Storage.configuration());
    OutputFile beside = published.reportFile(file);
    int count = Math.toIntExact(published.entry().rows());
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try (TestImages images = TestImages.of(published, settings, count)) {
      Report.write(published, images, page);
    }
    beside.write(page.toByteArray());
    console.out().println(beside.path());
  }

  @Override
  public void reportAll(Settings settings, String file) throws Exception {
    Path output = Storage.path(settings.output());
    OutputFile index = OutputFile.index(file, output, Storage.configuration());
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    RunIndex.write(output, Storage.configuration(), page);
    index.write(page.toByteArray());
    console.out().println(index.path());
  }

  @Override
  public void showCam(Settings settings, String run, int index, ViewOptions look) throws Exception {
    show(settings, run, look).cam(index);
  }

  @Override
  public void showCam(Settings settings, String run, int index, int shownClass, ViewOptions look)
      throws Exception {
    show(settings, run, look).cam(index, shownClass);
  }

  @Override
  public void showContrast(
      Settings settings, String run, int index, int shownClass, int against, ViewOptions look)
      throws Exception {
    show(settings, run, look).contrast(index, shownClass, against);
  }

  @Override
  public void showMaps(
      Settings settings, String run, int predictedClass, int count, ViewOptions look)
      throws Exception {
    show(settings, run, look).maps(predictedClass, count);
  }

  @Override
  public void showImage(Settings settings, String run, int index, ViewOptions look)
      throws Exception {
    show(settings, run, look).image(index);
  }

  /** Without Spark, whose start takes longer than all that is shown. */
  private RunViewer show(Settings settings, String run, ViewOptions look) throws IOException {
    return new RunViewer(
        PublishedRun.open(Storage.path(run), Storage.configuration()), settings, look, console);
  }
}
