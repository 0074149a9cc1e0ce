package io.sparkcam.bench;

import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.data.EpochOrder;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.TrainingState;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.training.AveragingRounds;
import io.sparkcam.training.LocalSteps;
import io.sparkcam.training.OuterLoop;
import io.sparkcam.training.RoundResult;
import io.sparkcam.training.TrainingPlan;
import io.sparkcam.training.WorkerImages;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Training as the job does it, to the last digit, but without Spark: the logical workers take their
 * turns in the calling thread. What it needs is the processor time of the job's tasks.
 *
 * @param model to train
 * @param index of the images
 * @param images all of them; the first {@code count} are trained on, the rest is held out
 */
record Simulation(
    TrainableNetwork model, Engine engine, ImageIndex index, ImageBlock images, int count) {
  private static final int BATCH = 200;

  /**
   * An epoch's end.
   *
   * @param seconds of processor time in training since the beginning
   * @param accuracy on the images held out, 0 to 1
   */
  record Point(int epoch, double seconds, double accuracy) {}

  /**
   * A training from its beginning to its end.
   *
   * @param end its parameters are those that the job would publish
   */
  record Result(List<Point> points, TrainingState end) {}

  Result run(TrainingPlan plan) {
    float[] fresh =
        model
            .network(plan.adam().updater(plan.learningRate()), plan.initialisation(), plan.seed())
            .params()
            .dup()
            .data()
            .asFloat();
    TrainingState state = TrainingState.fresh(fresh);
    OuterLoop outer = plan.outer().fresh(model.parameterCount());
    AveragingRounds rounds = plan.rounds(count);
    List<Point> points = new ArrayList<>();
    double seconds = 0;
    for (int epoch = 1; epoch <= plan.epochs(); epoch++) {
      double began = processorSeconds();
      List<MemoryShard> shards = shards(index.order(count, plan.workers(), plan.seed(), epoch));
      for (int round = 0; round < rounds.count(); round++) {
        LocalSteps steps = new LocalSteps(model, engine, plan, state.iteration(), rounds, round);
        byte[] start = FloatBytes.of(state.parameters(), state.moments());
        List<RoundResult> results = new ArrayList<>();
        for (MemoryShard shard : shards) {
          results.add(steps.on(start, shard));
        }
        state = outer.next(state, results, steps, round + 1);
      }
      seconds += processorSeconds() - began;
      points.add(new Point(epoch, seconds, accuracy(outer.weights(state.parameters()))));
    }
    return new Result(
        points,
        new TrainingState(outer.weights(state.parameters()), state.moments(), state.iteration()));
  }

  private List<MemoryShard> shards(EpochOrder order) {
    return IntStream.range(0, order.shards())
        .mapToObj(worker -> new MemoryShard(images, order, worker))
        .toList();
  }

  /** A worker's images out of all. */
  private record MemoryShard(ImageBlock images, EpochOrder order, int worker)
      implements WorkerImages {
    @Override
    public ImageShape shape() {
      return images.shape();
    }

    @Override
    public long count() {
      return order.sizeOf(worker);
    }

    @Override
    public int[] read(long from, int count, float[] pixels) {
      int[] labels = new int[count];
      for (int n = 0; n < count; n++) {
        int id = (int) order.imageAt(worker, from + n);
        images.normalise(id, 1, pixels, n);
        labels[n] = images.labels()[id];
      }
      return labels;
    }
  }

  private double accuracy(float[] parameters) {
    ForwardPass classifier = new ForwardPass(model, engine.featureMaps(model));
    classifier.load(parameters);
    int correct = 0;
    for (int first = count; first < images.count(); first += BATCH) {
      int length = Math.min(BATCH, images.count() - first);
      classifier.classify(images, first, length);
      for (int n = 0; n < length; n++) {
        correct += classifier.predicted(n) == images.labels()[first + n] ? 1 : 0;
      }
    }
    return (double) correct / (images.count() - count);
  }

  private static double processorSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }
}
