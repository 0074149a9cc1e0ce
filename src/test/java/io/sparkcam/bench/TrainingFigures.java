package io.sparkcam.bench;

import io.sparkcam.config.Setting;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ValidationSplit;
import io.sparkcam.training.EpochRecord;
import java.io.IOException;
import java.util.List;

/** How fast training is once it is warm, and what share of it is not computing. */
final class TrainingFigures {
  private static final String SPEED = "train_images_per_s";
  private static final String SPEED_OF_ONE = "train_images_per_s_per_worker";
  private static final String OVERHEAD = "round_overhead_share";

  private TrainingFigures() {}

  static void measure(Workplace workplace) throws IOException {
    Figures figures = workplace.figures();
    if (!figures.want(SPEED, SPEED_OF_ONE, OVERHEAD)) {
      return;
    }
    Effort effort = workplace.effort();
    ImageIndex stored = workplace.training(effort.trainingImages());
    double heldOut = workplace.defaults().settings().get(Setting.VALIDATION_SPLIT);
    long count = new ValidationSplit(stored.count(), heldOut).trainingCount();
    List<EpochRecord> epochs =
        workplace
            .train(stored, count, workplace.defaults().trainingPlan(count))
            .after(effort.warmEpochs());
    double speed = Figures.median(epochs.stream().map(EpochRecord::imagesPerSecond).toList());
    figures.report(SPEED, speed, "images/s");
    figures.report(SPEED_OF_ONE, speed / Effort.WORKERS, "images/s");
    double overhead = epochs.stream().mapToDouble(TrainingFigures::overhead).sum();
    double seconds = epochs.stream().mapToDouble(epoch -> count / epoch.imagesPerSecond()).sum();
    figures.report(OVERHEAD, overhead / seconds, "fraction");
  }

  private static double overhead(EpochRecord epoch) {
    return epoch.broadcastSeconds() + epoch.aggregationSeconds() + epoch.schedulingSeconds();
  }
}
