package io.sparkcam.training;

import io.sparkcam.cluster.Evaluation;
import io.sparkcam.training.AveragingMaster.Round;
import java.util.Optional;

/** Adds up the rounds of one epoch and passes on how far it got. */
final class EpochSums implements AveragingMaster.RoundListener {
  private final int epoch;
  private final long images;
  private final TrainingProgress progress;
  private long examples;
  private double loss;
  private long correct;
  private double compute;
  private double broadcast;
  private double aggregation;
  private double scheduling;

  EpochSums(int epoch, long images, TrainingProgress progress) {
    this.epoch = epoch;
    this.images = images;
    this.progress = progress;
  }

  @Override
  public void roundEnded(Round round) {
    examples += round.examples();
    loss += round.lossSum();
    correct += round.correct();
    compute += round.computeSeconds();
    broadcast += round.broadcastSeconds();
    aggregation += round.aggregationSeconds();
    scheduling += round.schedulingSeconds();
    if (!Double.isFinite(round.lossSum())) {
      throw new ArithmeticException(
          "epoch "
              + epoch
              + ", round "
              + round.number()
              + ": the loss is "
              + round.lossSum()
              + "; a lower learning rate may help");
    }
    progress.trained(examples, loss / examples, (double) correct / examples);
  }

  /**
   * The finished epoch.
   *
   * @param trainingSeconds of {@code seconds}, those without validation
   */
  EpochRecord record(
      Optional<Evaluation> validation,
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
        validation.map(Evaluation::loss).orElse(Double.NaN),
        validation.map(Evaluation::accuracy).orElse(Double.NaN),
        learningRate,
        seconds,
        images / trainingSeconds,
        compute,
        broadcast,
        aggregation,
        scheduling);
  }
}
