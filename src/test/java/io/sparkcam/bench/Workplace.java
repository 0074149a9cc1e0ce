package io.sparkcam.bench;

import io.sparkcam.cli.DefaultSettings;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.config.Setting;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.Part;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.training.Training;
import io.sparkcam.training.TrainingPlan;
import java.io.IOException;
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
  /** A file or directory of that name, which no other figure may use. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** Trains the lab's network on the first {@code count} images, without validation. */
  Epochs train(ImageIndex stored, long count, TrainingPlan plan) {
    Epochs epochs = new Epochs();
    new Training(sc, GoldenNetwork.MODEL, defaults.settings().get(Setting.ENGINE), plan, epochs)
        .run(new IndexedImages(sc, stored), count, Optional.empty());
    return epochs;
  }

  /** The first training images. */
  ImageIndex training(long limit) throws IOException {
    return FashionExtract.store(defaults.data(), Part.TRAIN, limit, directory);
  }

  /** The images of a part, over and over. */
  RepeatedImages repeated(Part part) throws IOException {
    return RepeatedImages.of(defaults.data(), part, directory);
  }
}
