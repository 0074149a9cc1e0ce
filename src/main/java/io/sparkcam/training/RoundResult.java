package io.sparkcam.training;

import java.io.Serializable;

/** What a worker brings back from a round: where its copy went, and what it saw on the way. */
public final class RoundResult implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] state;
  private final long examples;
  private final double lossSum;
  private final long correct;
  private final long nanoseconds;

  RoundResult(byte[] state, long examples, double lossSum, long correct, long nanoseconds) {
    this.state = state;
    this.examples = examples;
    this.lossSum = lossSum;
    this.correct = correct;
    this.nanoseconds = nanoseconds;
  }

  /** Parameters, then moments: {@code FloatBytes}. */
  byte[] state() {
    return state;
  }

  long examples() {
    return examples;
  }

  double lossSum() {
    return lossSum;
  }

  long correct() {
    return correct;
  }

  /** Time of the worker's steps, loading and unloading its copy included. */
  long nanoseconds() {
    return nanoseconds;
  }
}
