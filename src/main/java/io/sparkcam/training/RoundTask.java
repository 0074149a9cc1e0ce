package io.sparkcam.training;

import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.cluster.ObjectPool;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.Trainer;
import io.sparkcam.network.TrainingState;
import io.sparkcam.network.engine.Engine;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * What a worker does in one averaging round: a few steps on its shard, from the parameters all
 * workers start with.
 *
 * <p>It is the function of a Spark job itself: what goes through Spark's transformations, or is a
 * lambda, has its bytecode searched for outer references each time, which takes milliseconds of a
 * round.
 */
final class RoundTask extends AbstractFunction2<TaskContext, Iterator<Shard>, RoundResult>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final GapCnn model;
  private final Engine engine;
  private final Broadcast<byte[]> start;
  private final int iteration;
  private final int firstStep;
  private final int steps;
  private final int batchSize;
  private final LearningRate rate;

  /**
   * @param start parameters, then moments
   * @param iteration steps taken before this round
   * @param firstStep of this round within the epoch
   * @param steps of this round
   */
  RoundTask(
      GapCnn model,
      Engine engine,
      Broadcast<byte[]> start,
      int iteration,
      int firstStep,
      int steps,
      int batchSize,
      LearningRate rate) {
    this.model = model;
    this.engine = engine;
    this.start = start;
    this.iteration = iteration;
    this.firstStep = firstStep;
    this.steps = steps;
    this.batchSize = batchSize;
    this.rate = rate;
  }

  @Override
  public RoundResult apply(TaskContext context, Iterator<Shard> shard) {
    long began = System.nanoTime();
    Shard images = shard.next();
    model.requireImages(images.shape());
    List<Object> key = List.of(RoundTask.class, model, engine);
    Trainer trainer = ObjectPool.borrow(key, () -> engine.trainer(model));
    int parameters = model.parameterCount();
    trainer.load(
        new TrainingState(
            FloatBytes.read(start.value(), 0, parameters),
            FloatBytes.read(start.value(), parameters, 2 * parameters),
            iteration));
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
      int[] labels = images.read(from, count, pixels);
      Trainer.Score score = trainer.step(count, pixels, labels, rate.at((long) iteration + step));
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
