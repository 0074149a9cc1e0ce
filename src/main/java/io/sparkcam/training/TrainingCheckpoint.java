package io.sparkcam.training;

import io.sparkcam.network.TrainingState;
import java.util.List;

/**
 * Where training stands between two rounds: all that it takes to go on as if it had never stopped.
 * The order of the images and the learning rate follow from the epoch and the iteration.
 */
public final class TrainingCheckpoint {
  private final int epoch;
  private final PartialEpoch partial;
  private final TrainingState state;
  private final OuterLoop.State outer;
  private final List<EpochRecord> history;

  /**
   * A point to go on from.
   *
   * @param epoch to go on in, from 1; one more than the last when training is done
   * @param partial what is done of that epoch
   * @param state of the network
   * @param outer what the driver keeps between rounds
   * @param history the epochs before that one
   */
  TrainingCheckpoint(
      int epoch,
      PartialEpoch partial,
      TrainingState state,
      OuterLoop.State outer,
      List<EpochRecord> history) {
    if (epoch != history.size() + 1) {
      throw new IllegalArgumentException(
          "checkpoint in epoch " + epoch + " after " + history.size() + " epochs");
    }
    this.epoch = epoch;
    this.partial = partial;
    this.state = state;
    this.outer = outer;
    this.history = List.copyOf(history);
  }

  public int epoch() {
    return epoch;
  }

  public PartialEpoch partial() {
    return partial;
  }

  public TrainingState state() {
    return state;
  }

  /** What the driver keeps between rounds. */
  OuterLoop.State outer() {
    return outer;
  }

  public List<EpochRecord> history() {
    return history;
  }
}
