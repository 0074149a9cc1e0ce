package io.sparkcam.training;

import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.cluster.ObjectPool;
import io.sparkcam.network.BatchStatistics;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.Trainer;
import io.sparkcam.network.TrainingState;
import io.sparkcam.network.engine.Engine;
import java.io.Serializable;
import java.util.List;

/**
 * What a worker does in one averaging round: a few steps on its shard, from the state that all
 * workers start with.
 */
public final class LocalSteps implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TrainableNetwork model;
  private final Engine engine;
  private final TrainingPlan plan;
  private final LearningRate rate;
  private final int iteration;
  private final int firstStep;
  private final int steps;

  /**
   * The steps of one round.
   *
   * @param iteration steps taken before this round
   * @param rounds of the epoch
   * @param round of them, from 0
   */
  public LocalSteps(
      TrainableNetwork model,
      Engine engine,
      TrainingPlan plan,
      int iteration,
      AveragingRounds rounds,
      int round) {
    this.model = model;
    this.engine = engine;
    this.plan = plan;
    this.rate = plan.rate(rounds.steps());
    this.iteration = iteration;
    this.firstStep = rounds.firstStep(round);
    this.steps = rounds.stepsOf(round);
  }

  /** The statistics of batches among the parameters. */
  List<BatchStatistics> statistics() {
    return model.statistics();
  }

  /** Of the worker that has most images. */
  int count() {
    return steps;
  }

  /**
   * Makes the steps.
   *
   * @param start parameters, then moments: {@link FloatBytes}
   * @param images the worker's
   */
  public RoundResult on(byte[] start, WorkerImages images) {
    long began = System.nanoTime();
    model.requireImages(images.shape());
    List<Object> key = List.of(LocalSteps.class, model, engine, plan.adam());
    Trainer trainer = ObjectPool.borrow(key, () -> engine.trainer(model, plan.adam()));
    int parameters = model.parameterCount();
    trainer.load(
        new TrainingState(
            FloatBytes.read(start, 0, parameters),
            FloatBytes.read(start, parameters, 2 * parameters),
            iteration));
    int batchSize = plan.batchSize();
    float[] pixels = new float[batchSize * images.shape().size()];
    long examples = 0;
    double loss = 0;
    long correct = 0;
    for (int step = 0; step < steps; step++) {
      long from = (long) (firstStep + step) * batchSize;
      int count = (int) Math.min(batchSize, images.count() - from);
      if (count <= 0) {
        break; // this shard is one batch shorter than the longest
      }
      long number = (long) iteration + step;
      int[] labels = images.read(from, count, pixels);
      plan.augmentation().apply(images, count, pixels, plan.seed(), number);
      Trainer.Score score = trainer.step(count, pixels, labels, rate.at(number));
      examples += count;
      loss += score.lossSum();
      correct += score.correct();
    }
    TrainingState end = trainer.state();
    ObjectPool.giveBack(key, trainer);
    return new RoundResult(
        FloatBytes.of(end.parameters(), end.moments()),
        examples,
        loss,
        correct,
        System.nanoTime() - began);
  }
}
