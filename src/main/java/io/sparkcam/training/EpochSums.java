package io.sparkcam.training;

import io.sparkcam.cluster.TestEvaluation;
import io.sparkcam.training.AveragingMaster.Round;
import java.util.Optional;

/** Adds up the rounds of one epoch and passes on how far it got. */
final class EpochSums implements AveragingMaster.RoundListener {
  private final int epoch;
  private final long images;
  private final TrainingProgress progress;
  private int rounds;
  private long examples;
  private double loss;
  private long correct;
  private double compute;
  private double broadcast;
  private double aggregation;
  private double scheduling;

  /**
   * Goes on from what is done of the epoch.
   *
   * @param images of the whole epoch
   */
  EpochSums(int epoch, long images, PartialEpoch before, TrainingProgress progress) {
    this.epoch = epoch;
    this.images = images;
    this.progress = progress;
    rounds = before.rounds();
    examples = before.examples();
    loss = before.lossSum();
    correct = before.correct();
    compute = before.computeSeconds();
    broadcast = before.broadcastSeconds();
    aggregation = before.aggregationSeconds();
    scheduling = before.schedulingSeconds();
  }

  @Override
  public void roundEnded(Round round) {
    rounds = round.number();
    examples += round.examples();
    loss += round.lossSum();
    correct += round.correct();
    compute += round.computeSeconds();
    broadcast += round.broadcastSeconds();
    aggregation += round.aggregationSeconds();
    scheduling += round.schedulingSeconds();
    progress.trained(examples, loss / examples, (double) correct / examples);
  }

  /**
   * The rounds that are done.
   *
   * @param seconds since the epoch began
   */
  PartialEpoch soFar(double seconds) {
    return new PartialEpoch(
        rounds, examples, loss, correct, seconds, compute, broadcast, aggregation, scheduling);
  }

  /**
   * The finished epoch.
   *
   * @param trainingSeconds of {@code seconds}, those without validation
   */
  EpochRecord record(
      Optional<TestEvaluation> validation,
      double learningRate,
      double trainingSeconds,
      double seconds) {
    if (examples != images) {
      throw new IllegalStateException(
          "epoch " + epoch + ": " + examples + " images trained, expected " + images);
    }
    return new EpochRecord(
        epoch,
        loss / examples,
        (double) correct / examples,
        validation.map(TestEvaluation::loss).orElse(Double.NaN),
        validation.map(TestEvaluation::accuracy).orElse(Double.NaN),
        learningRate,
        seconds,
        images / trainingSeconds,
        compute,
        broadcast,
        aggregation,
        scheduling);
  }
}
