package io.sparkcam;

import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.job.Explanation;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.run.PartFiles;
import io.sparkcam.table.PartFile;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.training.Training;
import io.sparkcam.training.TrainingPlan;
import io.sparkcam.training.TrainingPlan.Schedule;
import io.sparkcam.training.TrainingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** One short epoch and the explanations of the model it gives, on any master. */
final class SmallRun {
  private static final GapCnn MODEL = GapCnn.lab(28, 28, 1, 10);

  private SmallRun() {}

  /** Runs in a JVM of its own: {@code SmallRun MASTER DIRECTORY}. */
  public static void main(String[] arguments) throws IOException {
    SparkConf conf =
        new SparkConf()
            .setMaster(arguments[0])
            .setAppName("small run")
            .set("spark.ui.enabled", "false")
            .set("spark.log.level", "ERROR")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .setExecutorEnv("OMP_NUM_THREADS", "1");
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      leave(sc, Path.of(arguments[1]));
    }
  }

  /**
   * Leaves in {@code directory} the files {@code model} (parameters and Adam's moments as bytes)
   * and {@code rows} (a line for each file of the table, with its hash).
   */
  static void leave(JavaSparkContext sc, Path directory) throws IOException {
    TrainingPlan plan = new TrainingPlan(1, 3, 16, 3, 2e-3, Schedule.COSINE, 11);
    IndexedImages training = new IndexedImages(sc, FashionExtract.storeTraining(directory));
    IndexedImages test = new IndexedImages(sc, FashionExtract.storeTest(directory));
    MultiLayerNetwork network =
        (MultiLayerNetwork)
            new Training(sc, MODEL, Engine.FAST, plan, TrainingProgress.NONE)
                .run(training, 270, Optional.of(training.blocks(270, 300, 30, 1)));
    float[] parameters = network.params().dup().data().asFloat();
    float[] moments = network.getUpdater().getStateViewArray().dup().data().asFloat();
    Files.write(directory.resolve("model"), FloatBytes.of(parameters, moments));

    Path table = Files.createDirectory(directory.resolve("table"));
    try (BroadcastModel model = new BroadcastModel(sc, MODEL, Engine.FAST, parameters)) {
      List<PartFile> files =
          Explanation.write(
                  sc,
                  model.handle(),
                  test.blocks(0, 200, 32, 3),
                  PartFiles.in(new org.apache.hadoop.fs.Path(table.toString())),
                  32)
              .parts();
      Files.write(
          directory.resolve("rows"),
          files.stream()
              .map(f -> f.firstId() + " to " + f.lastId() + ": " + f.rows() + ", " + f.sha256())
              .toList());
    }
  }
}
