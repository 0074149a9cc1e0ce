package io.sparkcam.training;

/** Hears how training goes, on the driver. Epochs count from 1. */
public interface TrainingProgress {
  /** Tells nobody. */
  TrainingProgress NONE =
      new TrainingProgress() {
        @Override
        public void epochStarted(int epoch, int epochs, long images) {
          // Nobody wants to know.
        }

        @Override
        public void trained(long images, double loss, double accuracy) {
          // Nobody wants to know.
        }

        @Override
        public void epochEnded(EpochRecord record) {
          // Nobody wants to know.
        }
      };

  /**
   * An epoch begins.
   *
   * @param images how many images it will train on
   */
  void epochStarted(int epoch, int epochs, long images);

  /**
   * Part of the epoch is done.
   *
   * @param images trained on so far in this epoch
   * @param loss mean over those images
   * @param accuracy fraction of those images classified correctly, 0 to 1
   */
  void trained(long images, double loss, double accuracy);

  /** The epoch is trained and validated. */
  void epochEnded(EpochRecord record);
}
