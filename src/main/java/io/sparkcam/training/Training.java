package io.sparkcam.training;

import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.Evaluation;
import io.sparkcam.cluster.SpooledImages;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.ShardPlan;
import io.sparkcam.network.Engine;
import io.sparkcam.network.GapCnn;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;

/**
 * Trains a {@link GapCnn} on sharded images, epoch by epoch, each validated on the images held out.
 */
public final class Training {
  private final JavaSparkContext sc;
  private final GapCnn model;
  private final Engine engine;
  private final TrainingPlan plan;
  private final TrainingProgress progress;

  public Training(
      JavaSparkContext sc,
      GapCnn model,
      Engine engine,
      TrainingPlan plan,
      TrainingProgress progress) {
    this.sc = sc;
    this.model = model;
    this.engine = engine;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Trains from fresh weights.
   *
   * @param images of which the first {@code count} are trained on
   * @param validation held-out images, if any are
   * @return the stock network, with Adam's state as training left it
   */
  public MultiLayerNetwork run(
      SpooledImages images, long count, Optional<JavaRDD<ImageBlock>> validation) {
    MultiLayerNetwork network = model.network(GapCnn.adam(plan.learningRate()), plan.seed());
    long steps = stepsAnEpoch(count);
    LearningRate rate = plan.rate(steps);
    for (int epoch = 1; epoch <= plan.epochs(); epoch++) {
      long began = System.nanoTime();
      EpochSums sums = new EpochSums(epoch, count, progress);
      progress.epochStarted(epoch, plan.epochs(), count);
      AveragingMaster master =
          new AveragingMaster(
              model, engine, plan.batchSize(), plan.averagingFrequency(), rate, sums);
      ShardPlan shards = new ShardPlan(count, plan.workers(), plan.seed(), epoch);
      try (EpochShards data = EpochShards.of(images, shards, plan.batchSize(), model.classes())) {
        new SparkDl4jMultiLayer(sc, network, master).fit(data);
      }
      double trainingSeconds = secondsSince(began);
      Optional<Evaluation> held = validation.map(heldOut -> evaluate(network, heldOut));
      double last = rate.at(epoch * steps - 1);
      progress.epochEnded(sums.record(held, last, trainingSeconds, secondsSince(began)));
    }
    return network;
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private long stepsAnEpoch(long count) {
    long longest = (count + plan.workers() - 1) / plan.workers();
    return (longest + plan.batchSize() - 1) / plan.batchSize();
  }

  private Evaluation evaluate(MultiLayerNetwork network, JavaRDD<ImageBlock> images) {
    try (var broadcast =
        new BroadcastModel(sc, model, engine, network.params().dup().data().asFloat())) {
      return Evaluation.of(broadcast.handle(), images);
    }
  }
}
