package io.sparkcam.network;

import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** What computes the convolutions of a {@link GapCnn}. */
public enum Engine {
  /** The {@link FastEngine#fastest} there is; where none runs, {@link #STOCK}. */
  FAST {
    @Override
    public Trainer trainer(GapCnn model) {
      return FastEngine.fastest()
          .<Trainer>map(engine -> new FastTrainer(model, engine))
          .orElseGet(() -> STOCK.trainer(model));
    }

    @Override
    FeatureMaps featureMaps(GapCnn model) {
      return FastEngine.fastest()
          .<FeatureMaps>map(engine -> new FastFeatureMaps(model, engine))
          .orElseGet(() -> STOCK.featureMaps(model));
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

  /** Its name, and of the fast ones which it is on this machine. */
  public String description() {
    return this == STOCK
        ? "stock"
        : "fast (%s)"
            .formatted(
                FastEngine.fastest()
                    .map(engine -> engine.name().toLowerCase(Locale.ROOT))
                    .orElse("stock"));
  }

  /** A copy of {@code model} to train; {@link Trainer#load} gives it its parameters. */
  public abstract Trainer trainer(GapCnn model);

  /** The features of {@code model}. */
  abstract FeatureMaps featureMaps(GapCnn model);
}
