package io.sparkcam.training;

import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.cluster.ReleasedBroadcast;
import io.sparkcam.network.BatchStatistics;
import io.sparkcam.network.NetworkCounters;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.TrainingState;
import io.sparkcam.network.engine.Engine;
import java.util.Collection;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Synchronous parameter averaging (McDonald et al. 2010; local SGD, Stich 2019) for {@code
 * SparkDl4jMultiLayer} and {@code SparkComputationGraph}: each {@code fit} is one epoch over {@link
 * EpochShards}.
 *
 * <p>A round is one Spark stage: every worker takes the same parameters and Adam moments, makes a
 * few steps on its own shard, and returns both; they are averaged by examples, in shard order. The
 * result depends on the shards alone: not on executors, retries or timing.
 */
public final class AveragingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {
  private static final ClassTag<RoundResult> RESULTS = ClassTag$.MODULE$.apply(RoundResult.class);

  private final TrainableNetwork model;
  private final Engine engine;
  private final TrainingPlan plan;
  private final OuterLoop outer;
  private final RoundListener listener;
  private int roundsDone;
  private boolean collectStats;

  /** Told about each round when it is done. */
  @FunctionalInterface
  public interface RoundListener {
    void roundEnded(Round round);
  }

  /**
   * One round, summed over the workers.
   *
   * @param number within the epoch, from 1
   * @param examples images trained on
   * @param lossSum sum of the images' losses, each before the step it was part of
   * @param correct how many of them were classified as labelled
   * @param computeSeconds the slowest worker's own time; where there are more workers than task
   *     slots, what a slot spent on those it took in turn
   * @param broadcastSeconds handing out parameters and moments
   * @param aggregationSeconds averaging what came back
   * @param schedulingSeconds the rest of the round
   */
  public record Round(
      int number,
      long examples,
      double lossSum,
      long correct,
      double computeSeconds,
      double broadcastSeconds,
      double aggregationSeconds,
      double schedulingSeconds) {}

  /**
   * A master for one training run.
   *
   * @param outer ends each round
   */
  public AveragingMaster(
      TrainableNetwork model,
      Engine engine,
      TrainingPlan plan,
      OuterLoop outer,
      RoundListener listener) {
    this.model = model;
    this.engine = engine;
    this.plan = plan;
    this.outer = outer;
    this.listener = listener;
  }

  /** Has the next epoch go on after so many rounds, which are done already. */
  AveragingMaster after(int rounds) {
    roundsDone = rounds;
    return this;
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer driver, JavaRDD<DataSet> trainingData) {
    train(driver.getSparkContext(), driver.getNetwork(), trainingData);
  }

  @Override
  public void executeTraining(SparkComputationGraph driver, JavaRDD<DataSet> trainingData) {
    train(driver.getSparkContext(), driver.getNetwork(), trainingData);
  }

  private void train(JavaSparkContext sc, Model network, JavaRDD<DataSet> trainingData) {
    if (!(trainingData instanceof EpochShards)) {
      throw new IllegalArgumentException(
          "training data: " + trainingData.getClass().getSimpleName() + ", expected EpochShards");
    }
    EpochShards shards = (EpochShards) trainingData;
    requireAdam(network);
    AveragingRounds rounds =
        AveragingRounds.of(shards.order().sizeOf(0), plan.batchSize(), plan.averagingFrequency());
    for (int round = roundsDone; round < rounds.count(); round++) {
      LocalSteps steps =
          new LocalSteps(model, engine, plan, NetworkCounters.iteration(network), rounds, round);
      sc.sc()
          .setJobDescription(
              "training: epoch "
                  + (NetworkCounters.iteration(network) / rounds.steps() + 1)
                  + ", round "
                  + (round + 1)
                  + " of "
                  + rounds.count());
      listener.roundEnded(round(sc, network, shards.shards(), round + 1, steps));
    }
  }

  private void requireAdam(Model network) {
    INDArray moments = ((NeuralNetwork) network).updaterState();
    long values = moments == null ? 0 : moments.length();
    int parameters = model.parameterCount();
    long weights = parameters - 2L * BatchStatistics.count(model.statistics());
    if (network.numParams() != parameters || values != 2 * weights) {
      throw new IllegalArgumentException(
          "network of %s parameters with %s values of updater state, expected %s with %s: Adam's"
              .formatted(network.numParams(), values, parameters, 2 * weights));
    }
  }

  private Round round(
      JavaSparkContext sc, Model network, JavaRDD<Shard> shards, int number, LocalSteps steps) {
    long began = System.nanoTime();
    TrainingState start = TrainingState.of(network);
    long handedOut;
    long cameBack;
    List<RoundResult> results;
    try (var broadcast =
        new ReleasedBroadcast<>(sc, FloatBytes.of(start.parameters(), start.moments()))) {
      handedOut = System.nanoTime();
      RoundTask task = new RoundTask(steps, broadcast.handle());
      results = List.of((RoundResult[]) sc.sc().runJob(shards.rdd(), task, RESULTS));
      cameBack = System.nanoTime();
    }
    outer.next(start, results, steps, number).giveTo(network);
    long ended = System.nanoTime();

    long slowest = results.stream().mapToLong(RoundResult::nanoseconds).max().orElse(0);
    long all = results.stream().mapToLong(RoundResult::nanoseconds).sum();
    double compute = Math.max(slowest, all / sc.defaultParallelism()) / 1e9;
    double broadcasting = (handedOut - began) / 1e9;
    double aggregation = (ended - cameBack) / 1e9;
    return new Round(
        number,
        results.stream().mapToLong(RoundResult::examples).sum(),
        results.stream().mapToDouble(RoundResult::lossSum).sum(),
        results.stream().mapToLong(RoundResult::correct).sum(),
        compute,
        broadcasting,
        aggregation,
        (ended - began) / 1e9 - compute - broadcasting - aggregation);
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
    throw madeOnExecutors();
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
    throw madeOnExecutors();
  }

  private static UnsupportedOperationException madeOnExecutors() {
    return new UnsupportedOperationException(
        "workers are made on the executors, one a thread, from the model");
  }

  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<String> paths,
      org.deeplearning4j.core.loader.DataSetLoader loader,
      org.deeplearning4j.core.loader.MultiDataSetLoader multiLoader) {
    throw new UnsupportedOperationException(
        "images come as EpochShards, not as paths of serialised data sets");
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
    throw new UnsupportedOperationException(
        "images come as EpochShards, not as data sets of several inputs");
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    collectStats = collect;
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return collectStats;
  }

  /** Always null, DL4J's word for none: what a round cost is told to the {@link RoundListener}. */
  @Override
  public SparkTrainingStats getTrainingStats() {
    return null;
  }

  @Override
  public void addHook(TrainingHook hook) {
    throw new UnsupportedOperationException("training hooks are not called");
  }

  @Override
  public void removeHook(TrainingHook hook) {
    // None was ever added.
  }

  @Override
  public void setListeners(Collection<TrainingListener> listeners) {
    throw new UnsupportedOperationException("executor listeners are not called");
  }

  @Override
  public void setListeners(StatsStorageRouter router, Collection<TrainingListener> listeners) {
    setListeners(listeners);
  }

  @Override
  public String toJson() {
    return toYaml();
  }

  /** The settings in YAML's flow style, which JSON is too. */
  @Override
  public String toYaml() {
    return "{\"engine\": \""
        + engine
        + "\", \"batchSize\": "
        + plan.batchSize()
        + ", \"averagingFrequency\": "
        + plan.averagingFrequency()
        + "}";
  }

  @Override
  public boolean deleteTempFiles(JavaSparkContext sc) {
    return true;
  }

  @Override
  public boolean deleteTempFiles(SparkContext sc) {
    return true;
  }
}
