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
    public FeatureMaps featureMaps(GapCnn model, float[] parameters) {
      return new FastFeatureMaps(model, parameters);
    }
  },
  /** DL4J's own layers. */
  STOCK {
    @Override
    public Trainer trainer(GapCnn model) {
      return new StockTrainer(model);
    }

    @Override
    public FeatureMaps featureMaps(GapCnn model, float[] parameters) {
      return new StockFeatureMaps(model, parameters);
    }
  };

  /** A copy of {@code model} to train; {@link Trainer#load} gives it its parameters. */
  public abstract Trainer trainer(GapCnn model);

  /** The features of {@code model} with these flattened parameters. */
  public abstract FeatureMaps featureMaps(GapCnn model, float[] parameters);
}
