package io.sparkcam.job;

import io.sparkcam.training.EpochRecord;
import io.sparkcam.training.TrainingProgress;
import java.util.ArrayList;
import java.util.List;

/** Passes progress on and remembers the epochs. */
final class EpochLog implements TrainingProgress {
  private final TrainingProgress shown;
  private final List<EpochRecord> epochs;

  /**
   * @param before epochs that were trained before this process began
   */
  EpochLog(TrainingProgress shown, List<EpochRecord> before) {
    this.shown = shown;
    this.epochs = new ArrayList<>(before);
  }

  @Override
  public void epochStarted(int epoch, int count, long images) {
    shown.epochStarted(epoch, count, images);
  }

  @Override
  public void trained(long images, double loss, double accuracy) {
    shown.trained(images, loss, accuracy);
  }

  @Override
  public void epochEnded(EpochRecord record) {
    epochs.add(record);
    shown.epochEnded(record);
  }

  List<EpochRecord> epochs() {
    return List.copyOf(epochs);
  }
}
