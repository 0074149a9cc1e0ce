package io.sparkcam.bench;

import io.sparkcam.training.EpochRecord;
import io.sparkcam.training.TrainingProgress;
import java.util.ArrayList;
import java.util.List;

/** Remembers what the epochs came to. */
final class Epochs implements TrainingProgress {
  private final List<EpochRecord> records = new ArrayList<>();

  @Override
  public void epochStarted(int epoch, int epochs, long images) {
    // Nobody watches.
  }

  @Override
  public void trained(long images, double loss, double accuracy) {
    // Nobody watches.
  }

  @Override
  public void epochEnded(EpochRecord record) {
    records.add(record);
  }

  /** Those after the first {@code warm}. */
  List<EpochRecord> after(int warm) {
    return List.copyOf(records.subList(warm, records.size()));
  }
}
