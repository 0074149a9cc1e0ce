package io.sparkcam.network;

import io.sparkcam.network.onednn.OneDnnTrunk;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What computes the convolutions of a {@link GapCnn}. */
public enum Engine {
  /** The trunk on oneDNN; where its native library cannot be loaded, {@link #STOCK}. */
  FAST {
    @Override
    public Trainer trainer(GapCnn model) {
      return Native.LOADS ? new FastTrainer(model) : STOCK.trainer(model);
    }

    @Override
    FeatureMaps featureMaps(GapCnn model) {
      return Native.LOADS ? new FastFeatureMaps(model) : STOCK.featureMaps(model);
    }
  },
  /** DL4J's own layers. */
  STOCK {
    @Override
    public Trainer trainer(GapCnn model) {
      return new StockTrainer(model);
    }

    @Override
    FeatureMaps featureMaps(GapCnn model) {
      MultiLayerNetwork network = model.network(GapCnn.adam(0));
      // As a graph its layers are named by their numbers; the last two are the head.
      int pooling = network.getnLayers() - 2;
      return new StockFeatureMaps(
          model,
          network.toComputationGraph(),
          new FeatureVertex(
              String.valueOf(pooling - 1), String.valueOf(pooling), CNN2DFormat.NCHW));
    }
  };

  /** A copy of {@code model} to train; {@link Trainer#load} gives it its parameters. */
  public abstract Trainer trainer(GapCnn model);

  /** The features of {@code model}. */
  abstract FeatureMaps featureMaps(GapCnn model);

  /** Found out, and said, once in a JVM. */
  private static final class Native {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    static final boolean LOADS = loads();

    private static boolean loads() {
      try {
        OneDnnTrunk.load();
        return true;
      } catch (LinkageError e) {
        LOG.warn("oneDNN cannot be loaded, DL4J's own layers do the work: {}", e.toString());
        return false;
      }
    }
  }
}
