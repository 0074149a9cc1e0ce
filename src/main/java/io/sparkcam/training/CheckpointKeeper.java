package io.sparkcam.training;

/** Keeps what training can go on from, on the driver. Training waits for it. */
public interface CheckpointKeeper {
  /** Keeps nothing. */
  CheckpointKeeper NONE =
      new CheckpointKeeper() {
        @Override
        public boolean wants(int round) {
          return false;
        }

        @Override
        public void keep(TrainingCheckpoint checkpoint) {
          // Nobody will go on from it.
        }
      };

  /** Whether to be told of the state after that many rounds of an epoch. */
  boolean wants(int round);

  /** The state after a round that was wanted, or after an epoch and its validation. */
  void keep(TrainingCheckpoint checkpoint);
}
