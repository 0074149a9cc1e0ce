package io.sparkcam.network;

/** What computes the convolutions. */
public enum Engine {
  /** The trunk on oneDNN. */
  FAST {
    @Override
    public Trainer trainer(GapCnn model) {
      return new FastTrainer(model);
    }

    @Override
    public FeatureMaps featureMaps(GapCnn model) {
      return new FastFeatureMaps(model);
    }
  },
  /** DL4J's own layers. */
  STOCK {
    @Override
    public Trainer trainer(GapCnn model) {
      return new StockTrainer(model);
    }

    @Override
    public FeatureMaps featureMaps(GapCnn model) {
      return new StockFeatureMaps(model);
    }
  };

  /** A copy of {@code model} to train; {@link Trainer#load} gives it its parameters. */
  public abstract Trainer trainer(GapCnn model);

  /** The features of {@code model}; {@link FeatureMaps#load} gives it its parameters. */
  public abstract FeatureMaps featureMaps(GapCnn model);
}
