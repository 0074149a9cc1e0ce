package io.sparkcam.job;

import io.sparkcam.aggregate.Aggregates;
import io.sparkcam.cam.RankCorrelation;
import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.explain.CamMethods;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.Trunk;
import io.sparkcam.network.engine.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Cascading randomisation (J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018): the
 * network's layers, from the last to the first, are given random weights, and every image is
 * explained again; maps that stay as they were say nothing of what the network learned. Compared is
 * the map of the class that the trained network predicts, by Spearman's rank correlation over its
 * cells.
 */
final class SanityCheck {
  /** Correlations are added as multiples of its inverse, so that their order does not matter. */
  private static final double UNIT = 1L << 40;

  private SanityCheck() {}

  /** A network of which the last layers are random. */
  record Step(String layers, float[] parameters) {}

  /**
   * Each step of the cascade: the dense layer, then one convolution more. Weights are uniform as
   * Glorot and Bengio (2010) draw them, biases 0.
   */
  static List<Step> steps(CamNetwork model, Trunk trunk, float[] parameters, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] changed = parameters.clone();
    int classes = model.classes();
    int inputs = (changed.length - model.headOffset()) / classes - 1;
    fill(changed, model.headOffset(), inputs * classes, inputs, classes, random);
    Arrays.fill(changed, changed.length - classes, changed.length, 0);
    List<Step> steps = new ArrayList<>();
    String layers = "dense";
    steps.add(new Step(layers, changed.clone()));
    for (int stage = trunk.stages().size() - 1; stage >= 0; stage--) {
      Trunk.Stage of = trunk.stages().get(stage);
      int area = of.kernel() * of.kernel();
      int biases = trunk.biasOffset(stage);
      Arrays.fill(changed, biases, biases + of.filters(), 0);
      fill(
          changed,
          biases + of.filters(),
          trunk.weightCount(stage),
          trunk.channelsInto(stage) * area,
          of.filters() * area,
          random);
      layers += ", convolution " + (stage + 1);
      steps.add(new Step(layers, changed.clone()));
    }
    return steps;
  }

  private static void fill(
      float[] to, int from, int count, int in, int out, SplittableRandom random) {
    double limit = Math.sqrt(6.0 / (in + out));
    for (int i = from; i < from + count; i++) {
      to[i] = (float) (limit * (2 * random.nextDouble() - 1));
    }
  }

  /** Adds up, over the images of a partition, how alike the maps of two networks are. */
  private static final class Comparison implements FlatMapFunction<Iterator<ImageBlock>, long[]> {
    private static final long serialVersionUID = 1L;
    private final BroadcastModel.Handle trained;
    private final BroadcastModel.Handle random;
    private final CamMethods method;
    private final int batchSize;

    Comparison(
        BroadcastModel.Handle trained,
        BroadcastModel.Handle random,
        CamMethods method,
        int batchSize) {
      this.trained = trained;
      this.random = random;
      this.method = method;
      this.batchSize = batchSize;
    }

    @Override
    public Iterator<long[]> call(Iterator<ImageBlock> blocks) {
      long[] sum = new long[2];
      trained.classify(
          a -> random.classify(b -> add(explainer(trained, a), explainer(random, b), blocks, sum)));
      return List.of(sum).iterator();
    }

    private Explainer explainer(BroadcastModel.Handle model, ForwardPass classifier) {
      return new Explainer(method.method(), model.model(), classifier, model.parameters());
    }

    private void add(Explainer a, Explainer b, Iterator<ImageBlock> blocks, long... sum) {
      ExplanationShape shape = ExplanationShape.of(trained.model());
      ExplanationBatch here = new ExplanationBatch(shape, batchSize);
      ExplanationBatch there = new ExplanationBatch(shape, batchSize);
      while (blocks.hasNext()) {
        ImageBlock block = blocks.next();
        for (int first = 0; first < block.count(); first += batchSize) {
          int count = Math.min(batchSize, block.count() - first);
          a.explain(block, first, count, here);
          b.explain(block, first, count, there);
          for (int row = 0; row < count; row++) {
            int map = row * shape.maps() + here.predicted()[row] * shape.cells();
            double correlation =
                RankCorrelation.of(here.camLow(), map, there.camLow(), map, shape.cells());
            sum[0]++;
            sum[1] += Math.round(correlation * UNIT);
          }
        }
      }
    }
  }

  /**
   * Compares the maps of all images at every step.
   *
   * @return a row a step, as {@link Aggregates#writeSanity} takes them
   */
  static List<Object[]> rows(
      JavaSparkContext sc,
      CamNetwork model,
      Engine engine,
      float[] parameters,
      JavaRDD<ImageBlock> images,
      CamMethods method,
      int batchSize,
      long seed) {
    List<Object[]> rows = new ArrayList<>();
    try (BroadcastModel trained = new BroadcastModel(sc, model, engine, parameters)) {
      for (Step step : steps(model, model.plainStack().orElseThrow(), parameters, seed)) {
        try (BroadcastModel random = new BroadcastModel(sc, model, engine, step.parameters)) {
          long count = 0;
          long sum = 0;
          for (long[] part :
              images
                  .mapPartitions(
                      new Comparison(trained.handle(), random.handle(), method, batchSize))
                  .collect()) {
            count += part[0];
            sum += part[1];
          }
          rows.add(new Object[] {step.layers, count, sum / UNIT / count});
        }
      }
    }
    return rows;
  }
}
