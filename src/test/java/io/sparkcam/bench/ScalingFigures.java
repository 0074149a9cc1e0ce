package io.sparkcam.bench;

import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.Part;
import io.sparkcam.training.EpochRecord;
import io.sparkcam.training.TrainingPlan;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileUtil;

/** Whether an image takes the same time in training however many there are. */
final class ScalingFigures {
  /** A tenth of Fashion-MNIST's training set, all of it, ten times as much. */
  static final int[] SIZES = {6_000, 60_000, 600_000};

  private final Workplace workplace;
  private final RepeatedImages images;

  private ScalingFigures(Workplace workplace, RepeatedImages images) {
    this.workplace = workplace;
    this.images = images;
  }

  static void measure(Workplace workplace) throws IOException {
    int[] wanted =
        Arrays.stream(SIZES).filter(size -> workplace.figures().want(name(size))).toArray();
    if (wanted.length == 0) {
      return;
    }
    ScalingFigures figures = new ScalingFigures(workplace, workplace.repeated(Part.TRAIN));
    Effort effort = workplace.effort();
    figures.train("scaling-warm", effort.scalingWarmImages(), 1, effort.scalingWarmFrequency());
    for (int size : wanted) {
      int count = effort.scalingImages(size);
      List<EpochRecord> epochs =
          figures
              .train("scaling-" + size, count, 1 + effort.scalingEpochs(size), effort.frequency())
              .after(1);
      double speed = Figures.median(epochs.stream().map(EpochRecord::imagesPerSecond).toList());
      workplace.figures().report(name(size), 1e6 / speed, "us/image");
    }
  }

  private static String name(int size) {
    return "train_scaling_" + size + "_us_per_image";
  }

  private Epochs train(String name, int count, int epochs, int frequency) throws IOException {
    ImageIndex stored = images.store(workplace.file(name), count);
    TrainingPlan usual = workplace.defaults().trainingPlan(count);
    TrainingPlan plan =
        new TrainingPlan(
            epochs,
            usual.workers(),
            usual.batchSize(),
            frequency,
            usual.learningRate(),
            usual.schedule(),
            usual.seed(),
            usual.initialisation(),
            usual.adam(),
            usual.augmentation(),
            usual.outer());
    Epochs records = workplace.train(stored, count, plan);
    FileUtil.fullyDelete(workplace.file(name).toFile());
    return records;
  }
}
