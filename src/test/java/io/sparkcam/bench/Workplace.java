package io.sparkcam.bench;

import io.sparkcam.cli.DefaultSettings;
import io.sparkcam.cluster.SpooledImages;
import io.sparkcam.dataset.Spool;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.training.Training;
import io.sparkcam.training.TrainingPlan;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What the figures on Spark share.
 *
 * @param directory for files that are deleted afterwards
 */
record Workplace(
    JavaSparkContext sc, DefaultSettings defaults, Path directory, Effort effort, Figures figures) {
  /** A file of that name, which no other figure may use: Spark knows files by their names alone. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** Trains the lab's network on the first {@code count} images, without validation. */
  Epochs train(Spool spool, long count, TrainingPlan plan) {
    Epochs epochs = new Epochs();
    new Training(sc, GoldenNetwork.MODEL, defaults.settings().engine(), plan, epochs)
        .run(new SpooledImages(sc, spool), count, Optional.empty());
    return epochs;
  }
}
