package io.sparkcam.bench;

import io.sparkcam.cluster.SpooledImages;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.Spool;
import io.sparkcam.job.Defaults;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.training.Training;
import io.sparkcam.training.TrainingPlan;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;

/**
 * What the figures on Spark share.
 *
 * @param directory for files that are deleted afterwards
 */
record Workplace(
    JavaSparkContext sc, Defaults defaults, Path directory, Effort effort, Figures figures) {
  /** A file of that name, which no other figure may use: Spark knows files by their names alone. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** The first {@code count} images, cached as the job caches what it trains on. */
  JavaRDD<ImageBlock> cached(Spool spool, long count) {
    return new SpooledImages(sc, spool)
        .blocks(0, count, Defaults.BLOCK, Effort.WORKERS)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** Trains the lab's network on the first {@code count} images, without validation. */
  Epochs train(Spool spool, long count, TrainingPlan plan) {
    Epochs epochs = new Epochs();
    JavaRDD<ImageBlock> images = cached(spool, count);
    new Training(sc, GoldenNetwork.MODEL, defaults.settings().engine(), plan, epochs)
        .run(images, count, Optional.empty());
    images.unpersist(true);
    return epochs;
  }
}
