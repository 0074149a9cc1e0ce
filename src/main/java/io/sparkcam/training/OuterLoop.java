package io.sparkcam.training;

import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.network.BatchStatistics;
import io.sparkcam.network.TrainingState;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What the driver does between two rounds: it averages the workers, moves the weights by {@link
 * OuterNesterov} and follows them with a {@link WeightAverage}.
 */
public final class OuterLoop {
  private final OuterNesterov momentum;
  private final WeightAverage average;

  private OuterLoop(OuterNesterov momentum, WeightAverage average) {
    this.momentum = momentum;
    this.average = average;
  }

  /**
   * What a loop does.
   *
   * @param rate of {@link OuterNesterov}; 1 without momentum is the plain average
   * @param momentum of {@link OuterNesterov}, 0 to below 1
   * @param average decay of the {@link WeightAverage}, 0 to below 1; 0: none is kept
   */
  public record Plan(double rate, double momentum, double average) implements Serializable {
    /** The plain average. */
    public static final Plan PLAIN = new Plan(1, 0, 0);

    /** A loop before its first round. */
    public OuterLoop fresh(int weights) {
      return new OuterLoop(
          OuterNesterov.fresh(rate, momentum, weights), WeightAverage.of(average, new float[0]));
    }

    /** A loop as it was between two rounds. */
    OuterLoop of(State state, int weights) {
      return new OuterLoop(
          OuterNesterov.of(rate, momentum, weights, state.velocity()),
          WeightAverage.of(average, state.average()));
    }
  }

  /** What a loop carries from round to round; its arrays are the caller's own, never copied. */
  static final class State {
    private final float[] velocity;
    private final float[] average;

    /**
     * Each is empty where the plan has none of it.
     *
     * @param velocity of {@link OuterNesterov}
     * @param average of {@link WeightAverage}, empty before the first round, too
     */
    State(float[] velocity, float[] average) {
      this.velocity = velocity;
      this.average = average;
    }

    float[] velocity() {
      return velocity;
    }

    float[] average() {
      return average;
    }
  }

  State state() {
    return new State(momentum.velocity(), average.values());
  }

  /** The weights to validate and to publish: their average, or those of the last round. */
  public float[] weights(float[] last) {
    float[] values = average.values();
    return values.length == 0 ? last : values;
  }

  /**
   * Ends a round: averages parameters and moments by examples, in shard order; then the parameters
   * make the outer step.
   *
   * @param start of the round; its parameters become those of the next
   * @param round within the epoch, from 1
   * @throws DivergedException naming round and shard, where a loss or a value is not finite
   */
  public TrainingState next(
      TrainingState start, List<RoundResult> results, LocalSteps steps, int round) {
    requireFiniteLosses(results, round);
    float[] mean = WeightedAverage.of(results);
    requireFinite(mean, results, round);
    float[] parameters = start.parameters();
    if (!steps.statistics().isEmpty()) {
      BatchStatistics.pool(
          steps.statistics(),
          mean,
          results.stream().map(RoundResult::examples).toList(),
          results.stream().map(r -> FloatBytes.read(r.state(), 0, parameters.length)).toList());
    }
    momentum.step(parameters, mean);
    steps.statistics().forEach(each -> each.copy(mean, parameters));
    if (!finite(parameters)) {
      throw diverged(round, "the outer step led to parameters that are not finite");
    }
    average.add(parameters);
    return new TrainingState(
        parameters,
        Arrays.copyOfRange(mean, parameters.length, mean.length),
        start.iteration() + steps.count());
  }

  private static void requireFiniteLosses(List<RoundResult> results, int round) {
    for (int shard = 0; shard < results.size(); shard++) {
      double loss = results.get(shard).lossSum();
      if (!Double.isFinite(loss)) {
        throw diverged(round, shard, "the loss is " + loss);
      }
    }
  }

  /** An average of finite numbers is finite: shards are looked through only where it is not. */
  private static void requireFinite(float[] mean, List<RoundResult> results, int round) {
    if (finite(mean)) {
      return;
    }
    for (int shard = 0; shard < results.size(); shard++) {
      byte[] state = results.get(shard).state();
      if (!finite(FloatBytes.read(state, 0, mean.length))) {
        throw diverged(round, shard, "its parameters are not finite");
      }
    }
    throw diverged(round, 0, "the average of the parameters is not finite");
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static DivergedException diverged(int round, int shard, String what) {
    return diverged(round, "shard %s: %s".formatted(shard, what));
  }

  private static DivergedException diverged(int round, String what) {
    return new DivergedException(
        "round %s, %s; a lower learning rate may help".formatted(round, what));
  }
}
