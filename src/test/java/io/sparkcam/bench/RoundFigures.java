package io.sparkcam.bench;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.config.Setting;
import io.sparkcam.data.EpochOrder;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.training.AveragingMaster;
import io.sparkcam.training.EpochShards;
import io.sparkcam.training.TrainingPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;

/**
 * What one averaging round costs beside computing, and what an ordinary job of Spark's (a
 * transformation, collected) of as many tasks over the same cached images costs that does nothing.
 */
final class RoundFigures {
  private static final String ROUND = "averaging_round_overhead_ms";
  private static final String EMPTY = "empty_job_ms";

  private RoundFigures() {}

  static void measure(Workplace workplace) throws IOException {
    if (!workplace.figures().want(ROUND, EMPTY)) {
      return;
    }
    Effort effort = workplace.effort();
    ImageIndex stored = workplace.training(effort.trainingImages());
    TrainingPlan usual = workplace.defaults().trainingPlan(stored.count());
    TrainingPlan plan =
        new TrainingPlan(
            usual.epochs(),
            usual.workers(),
            usual.batchSize(),
            effort.frequency(),
            usual.learningRate(),
            TrainingPlan.Schedule.CONSTANT,
            usual.seed());
    GapCnn model = GoldenNetwork.MODEL;
    MultiLayerNetwork network =
        model.network(TrainableNetwork.adam(plan.learningRate()), plan.seed());
    IndexedImages images = new IndexedImages(workplace.sc(), stored);
    List<Double> overheads = new ArrayList<>();
    List<Double> emptyJobs = new ArrayList<>();
    int epochs = effort.warmRoundEpochs() + effort.measuredRoundEpochs();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      List<Double> overheadsOfEpoch = new ArrayList<>();
      AveragingMaster master =
          new AveragingMaster(
              model,
              workplace.defaults().settings().get(Setting.ENGINE),
              plan,
              plan.outer().fresh(model.parameterCount()),
              round -> overheadsOfEpoch.add(milliseconds(round)));
      EpochOrder order = stored.order(stored.count(), plan.workers(), plan.seed(), epoch);
      try (EpochShards data = EpochShards.of(images, order, plan.batchSize(), model.classes())) {
        new SparkDl4jMultiLayer(workplace.sc(), network, master).fit(data);
        if (epoch > effort.warmRoundEpochs()) {
          // The first one also reads the images.
          overheads.addAll(overheadsOfEpoch.subList(1, overheadsOfEpoch.size()));
        }
        if (epoch == epochs) {
          emptyJobs.addAll(emptyJobs(data, effort));
        }
      }
    }
    workplace.figures().report(ROUND, Figures.median(overheads), "ms");
    workplace.figures().report(EMPTY, Figures.median(emptyJobs), "ms");
  }

  private static double milliseconds(AveragingMaster.Round round) {
    return 1e3
        * (round.broadcastSeconds() + round.aggregationSeconds() + round.schedulingSeconds());
  }

  private static List<Double> emptyJobs(JavaRDD<DataSet> images, Effort effort) {
    List<Double> milliseconds = new ArrayList<>();
    for (int i = 0; i < effort.warmJobs() + effort.measuredJobs(); i++) {
      long began = System.nanoTime();
      images.mapPartitions(new Nothing()).collect();
      milliseconds.add((System.nanoTime() - began) / 1e6);
    }
    return milliseconds.subList(effort.warmJobs(), milliseconds.size());
  }

  private static final class Nothing implements FlatMapFunction<Iterator<DataSet>, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Integer> call(Iterator<DataSet> images) {
      return Collections.emptyIterator();
    }
  }
}
