package io.sparkcam.training;

import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.cluster.TestEvaluation;
import io.sparkcam.data.EpochOrder;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.NetworkCounters;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.TrainingState;
import io.sparkcam.network.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a {@link TrainableNetwork} on sharded images, epoch by epoch, each validated on the images
 * held out.
 */
public final class Training {
  private final JavaSparkContext sc;
  private final TrainableNetwork model;
  private final Engine engine;
  private final TrainingPlan plan;
  private final TrainingProgress progress;

  private final CheckpointKeeper keeper;
  private Optional<float[]> initial = Optional.empty();

  /** Training that keeps no checkpoints. */
  public Training(
      JavaSparkContext sc,
      TrainableNetwork model,
      Engine engine,
      TrainingPlan plan,
      TrainingProgress progress) {
    this(sc, model, engine, plan, progress, CheckpointKeeper.NONE);
  }

  /** Training that can be gone on with, from the checkpoints that the keeper is given. */
  public Training(
      JavaSparkContext sc,
      TrainableNetwork model,
      Engine engine,
      TrainingPlan plan,
      TrainingProgress progress,
      CheckpointKeeper keeper) {
    this.sc = sc;
    this.model = model;
    this.engine = engine;
    this.plan = plan;
    this.progress = progress;
    this.keeper = keeper;
  }

  /** Starts with these weights, in DL4J's order, instead of fresh ones. */
  public Training from(float[] weights) {
    initial = Optional.of(weights.clone());
    return this;
  }

  /**
   * Trains from fresh weights, or those that it was given.
   *
   * @param images of which the first {@code count} are trained on
   * @param validation held-out images, if any are
   * @return the stock network, with Adam's state as training left it
   */
  public Model run(IndexedImages images, long count, Optional<JavaRDD<ImageBlock>> validation) {
    Model network = freshNetwork();
    OuterLoop outer = plan.outer().fresh(model.parameterCount());
    train(network, outer, PartialEpoch.NONE, List.of(), images, count, validation);
    return network;
  }

  /**
   * Goes on from a checkpoint of the same training, to the same network as if it had never stopped.
   *
   * @param images as {@link #run} takes them, as are the others
   */
  public Model resume(
      TrainingCheckpoint start,
      IndexedImages images,
      long count,
      Optional<JavaRDD<ImageBlock>> validation) {
    Model network = freshNetwork();
    start.state().giveTo(network);
    NetworkCounters.setEpoch(network, start.epoch() - 1);
    OuterLoop outer = plan.outer().of(start.outer(), model.parameterCount());
    train(network, outer, start.partial(), start.history(), images, count, validation);
    return network;
  }

  private Model freshNetwork() {
    Model network =
        model.network(plan.adam().updater(plan.learningRate()), plan.initialisation(), plan.seed());
    initial.ifPresent(weights -> network.setParams(Nd4j.createFromArray(weights)));
    return network;
  }

  private void train(
      Model network,
      OuterLoop outer,
      PartialEpoch partial,
      List<EpochRecord> before,
      IndexedImages images,
      long count,
      Optional<JavaRDD<ImageBlock>> validation) {
    List<EpochRecord> history = new ArrayList<>(before);
    PartialEpoch done = partial;
    while (history.size() < plan.epochs()) {
      EpochRecord record = epoch(network, outer, done, history, images, count, validation);
      history.add(record);
      done = PartialEpoch.NONE;
      // What has been shown is never trained again.
      keeper.keep(checkpoint(network, outer, done, history));
      progress.epochEnded(record);
    }
    network.setParams(Nd4j.createFromArray(outer.weights(parameters(network))));
  }

  private static float[] parameters(Model network) {
    return network.params().dup().data().asFloat();
  }

  private EpochRecord epoch(
      Model network,
      OuterLoop outer,
      PartialEpoch done,
      List<EpochRecord> history,
      IndexedImages images,
      long count,
      Optional<JavaRDD<ImageBlock>> validation) {
    long began = System.nanoTime();
    int epoch = history.size() + 1;
    long steps = plan.rounds(count).steps();
    LearningRate rate = plan.rate(steps);
    EpochSums sums = new EpochSums(epoch, count, done, progress);
    progress.epochStarted(epoch, plan.epochs(), count);
    AveragingMaster.RoundListener listener =
        round -> {
          sums.roundEnded(round);
          if (keeper.wants(round.number())) {
            PartialEpoch soFar = sums.soFar(done.seconds() + secondsSince(began));
            keeper.keep(checkpoint(network, outer, soFar, history));
          }
        };
    AveragingMaster master =
        new AveragingMaster(model, engine, plan, outer, listener).after(done.rounds());
    EpochOrder order = images.index().order(count, plan.workers(), plan.seed(), epoch);
    try (EpochShards data = EpochShards.of(images, order, plan.batchSize(), model.classes())) {
      if (network instanceof MultiLayerNetwork stack) {
        new SparkDl4jMultiLayer(sc, stack, master).fit(data);
      } else {
        new SparkComputationGraph(sc, (ComputationGraph) network, master).fit(data);
      }
    } catch (DivergedException e) {
      throw new DivergedException("epoch " + epoch + ", " + e.getMessage());
    }
    double trainingSeconds = done.seconds() + secondsSince(began);
    sc.sc().setJobDescription("training: epoch " + epoch + ", validation");
    Optional<TestEvaluation> held =
        validation.map(heldOut -> evaluate(outer.weights(parameters(network)), heldOut));
    held.ifPresent(evaluation -> requireFinite(evaluation.loss(), epoch));
    double last = rate.at(epoch * steps - 1);
    return sums.record(held, last, trainingSeconds, done.seconds() + secondsSince(began));
  }

  /** Weights that are finite may still be too large for what is computed with them. */
  private static void requireFinite(double loss, int epoch) {
    if (!Double.isFinite(loss)) {
      throw new DivergedException(
          "epoch %s: the loss of the held-out images is %s; a lower learning rate may help"
              .formatted(epoch, loss));
    }
  }

  private static TrainingCheckpoint checkpoint(
      Model network, OuterLoop outer, PartialEpoch partial, List<EpochRecord> history) {
    return new TrainingCheckpoint(
        history.size() + 1, partial, TrainingState.of(network), outer.state(), history);
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private TestEvaluation evaluate(float[] parameters, JavaRDD<ImageBlock> images) {
    try (var broadcast = new BroadcastModel(sc, model, engine, parameters)) {
      return TestEvaluation.of(broadcast.handle(), images);
    }
  }
}
