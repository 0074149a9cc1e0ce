package io.sparkcam.job;

import io.sparkcam.aggregate.Aggregates;
import io.sparkcam.cam.InsertionDeletionCurve;
import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.cluster.TestEvaluation;
import io.sparkcam.data.Chunk;
import io.sparkcam.data.ChunkWriter;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.ingest.IngestPlace;
import io.sparkcam.explain.CamMethods;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.MapDrawing;
import io.sparkcam.explain.MeasuredMap;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ROAR, remove and retrain (S. Hooker, D. Erhan, P.-J. Kindermans, B. Kim, "A Benchmark for
 * Interpretability Methods in Deep Neural Networks", NeurIPS 2019): in all training and test images
 * the share of the pixels that a map ranks highest becomes the mean of its channel over the
 * training images; a fresh network is trained on what is left, and evaluated. The faster accuracy
 * falls, the better the map found what matters. Maps are those of the classes that the run's
 * network predicts.
 */
final class RemoveAndRetrain {
  private static final Logger LOG = LoggerFactory.getLogger(RemoveAndRetrain.class);

  private final JavaSparkContext sc;
  private final BroadcastModel.Handle model;
  private final Engine engine;
  private final IngestPlace place;
  private final CamMethods method;
  private final long seed;
  private final int partitions;

  /**
   * @param model of the run
   * @param place where changed images are kept while they are trained on
   * @param method that makes the maps
   * @param seed of the random maps
   * @param partitions tasks that change images
   */
  RemoveAndRetrain(
      JavaSparkContext sc,
      BroadcastModel.Handle model,
      Engine engine,
      IngestPlace place,
      CamMethods method,
      long seed,
      int partitions) {
    this.sc = sc;
    this.model = model;
    this.engine = engine;
    this.place = place;
    this.method = method;
    this.seed = seed;
    this.partitions = partitions;
  }

  /**
   * Removes, retrains and evaluates for every map and share.
   *
   * @param training images
   * @param count of them that are trained on, from the first
   * @param test images, labelled
   * @param shares of the pixels to remove, between 0 and 1
   * @param retrain trains a fresh network on as many images as the first, in the same way
   * @return a row a map and share, as {@link Aggregates#writeRoar} takes them; share 0 is the model
   *     itself
   */
  List<Object[]> rows(
      IndexedImages training,
      long count,
      IndexedImages test,
      List<Double> shares,
      Function<IndexedImages, float[]> retrain)
      throws IOException {
    byte[] means = channelMeans(blocks(training, count));
    long tested = test.index().count();
    TestEvaluation whole = TestEvaluation.of(model, blocks(test, tested));
    List<Object[]> rows = new ArrayList<>();
    for (MeasuredMap map : MeasuredMap.values()) {
      rows.add(row(map, 0, whole));
      for (double share : shares) {
        Removal removal = new Removal(model, place, method, map, seed, share, means);
        float[] parameters;
        try (Changed images = new Changed(training, count, removal)) {
          parameters = retrain.apply(images.images);
        }
        TestEvaluation evaluation;
        try (Changed images = new Changed(test, tested, removal);
            BroadcastModel retrained = new BroadcastModel(sc, model.model(), engine, parameters)) {
          evaluation = TestEvaluation.of(retrained.handle(), blocks(images.images, tested));
        }
        LOG.info(
            String.format(
                Locale.ROOT,
                "without %.0f%% of the pixels by %s: test accuracy %.4f",
                100 * share,
                map.label(),
                evaluation.accuracy()));
        rows.add(row(map, share, evaluation));
      }
    }
    return rows;
  }

  private static Object[] row(MeasuredMap map, double share, TestEvaluation evaluation) {
    return new Object[] {
      map.label(), share, evaluation.images(), evaluation.accuracy(), evaluation.loss()
    };
  }

  private JavaRDD<ImageBlock> blocks(IndexedImages images, long count) {
    return images.blocks(0, count, Defaults.block(images.index().shape()), partitions);
  }

  /** Of each channel, rounded to a whole value of a pixel. */
  static byte[] channelMeans(JavaRDD<ImageBlock> images) {
    long[] sums =
        images
            .map(
                block -> {
                  int channels = block.shape().channels();
                  int pixels = block.shape().size() / channels;
                  long[] sum = new long[channels + 1];
                  for (int i = 0; i < block.pixels().length; i++) {
                    sum[i / pixels % channels] += block.pixels()[i] & 0xff;
                  }
                  sum[channels] = (long) block.count() * pixels;
                  return sum;
                })
            .reduce(
                (a, b) -> {
                  long[] sum = a.clone();
                  Arrays.setAll(sum, i -> a[i] + b[i]);
                  return sum;
                });
    byte[] means = new byte[sums.length - 1];
    for (int channel = 0; channel < means.length; channel++) {
      means[channel] = (byte) Math.round((double) sums[channel] / sums[means.length]);
    }
    return means;
  }

  /** Images without some of their pixels, on the executors until this is closed. */
  private final class Changed implements AutoCloseable {
    private final IndexedImages images;

    Changed(IndexedImages whole, long count, Removal removal) {
      List<Chunk> chunks = new ArrayList<>();
      blocks(whole, count)
          .mapPartitions(removal)
          .collect()
          .forEach(written -> chunks.addAll(written.chunks()));
      images =
          new IndexedImages(
              sc, ImageIndex.of(whole.index().shape(), whole.index().classes(), chunks));
    }

    @Override
    public void close() throws IOException {
      images.close();
      for (Chunk chunk : images.index().chunks()) {
        Path file = new Path(chunk.file());
        file.getFileSystem(sc.hadoopConfiguration()).delete(file, false);
      }
    }
  }

  /** Writes the images of a partition without the pixels that a map ranks highest. */
  static final class Removal implements FlatMapFunction<Iterator<ImageBlock>, ChunkWriter.Written> {
    private static final long serialVersionUID = 1L;
    private static final int BATCH = 64;

    private final BroadcastModel.Handle model;
    private final IngestPlace place;
    private final CamMethods method;
    private final MeasuredMap map;
    private final long seed;
    private final double share;
    private final byte[] means;

    /**
     * @param means (C), what removed pixels become
     */
    Removal(
        BroadcastModel.Handle model,
        IngestPlace place,
        CamMethods method,
        MeasuredMap map,
        long seed,
        double share,
        byte[] means) {
      this.model = model;
      this.place = place;
      this.method = method;
      this.map = map;
      this.seed = seed;
      this.share = share;
      this.means = means.clone();
    }

    @Override
    public Iterator<ChunkWriter.Written> call(Iterator<ImageBlock> blocks) throws IOException {
      CamNetwork network = model.model();
      ImageShape shape = new ImageShape(network.height(), network.width(), network.channels());
      String attempt = "removed-" + TaskContext.get().taskAttemptId();
      try (ChunkWriter out =
          ChunkWriter.create(place.chunks(), attempt, shape, network.classes(), place.hadoop())) {
        model.classify(
            classifier -> {
              try {
                write(classifier, blocks, out);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
        return List.of(out.finish()).iterator();
      }
    }

    private void write(ForwardPass classifier, Iterator<ImageBlock> blocks, ChunkWriter out)
        throws IOException {
      CamNetwork network = model.model();
      Explainer explainer = new Explainer(method.method(), network, classifier, model.parameters());
      MapDrawing drawing = new MapDrawing(network, seed);
      ExplanationBatch rows = new ExplanationBatch(ExplanationShape.of(network), BATCH);
      float[] drawn = new float[network.height() * network.width()];
      while (blocks.hasNext()) {
        ImageBlock block = blocks.next();
        for (int first = 0; first < block.count(); first += BATCH) {
          explainer.explain(block, first, Math.min(BATCH, block.count() - first), rows);
          for (int row = 0; row < rows.count(); row++) {
            drawing.draw(map, rows, row, drawn);
            int size = block.shape().size();
            int from = (first + row) * size;
            byte[] pixels = Arrays.copyOfRange(block.pixels(), from, from + size);
            remove(InsertionDeletionCurve.ranking(drawn, 0, drawn.length), pixels);
            out.write(block.labels()[first + row], pixels);
          }
        }
      }
    }

    private void remove(int[] ranking, byte... pixels) {
      int removed = (int) Math.round(share * ranking.length);
      for (int channel = 0; channel < means.length; channel++) {
        for (int place = 0; place < removed; place++) {
          pixels[channel * ranking.length + ranking[place]] = means[channel];
        }
      }
    }
  }
}
