package io.sparkcam.network.engine;

import io.sparkcam.network.AdamRule;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.StockTrainer;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.Trainer;
import io.sparkcam.network.Trunk;
import io.sparkcam.network.engine.winograd.WinogradTrunk;
import java.util.Optional;

/** What computes a network. */
public enum Engine {
  /**
   * {@link WinogradTrunk} for networks that are a {@link CamNetwork#plainStack}, where this JVM has
   * {@link JavaVectors}; {@link #STOCK} for everything else.
   */
  FAST,
  /** DL4J's own layers. */
  STOCK;

  /** Its name, and what it comes to in this JVM. */
  public String description() {
    if (this == STOCK) {
      return "stock";
    }
    return JavaVectors.areHere() ? "fast (winograd)" : "fast (stock)";
  }

  /** A copy of {@code model} to train; {@link Trainer#load} gives it its parameters. */
  public Trainer trainer(TrainableNetwork model, AdamRule rule) {
    return winogradStack(model)
        .<Trainer>map(stack -> new FastTrainer(model, stack, rule))
        .orElseGet(() -> new StockTrainer(model, rule));
  }

  /** The features of {@code model}; {@link FeatureMaps#load} gives it its parameters. */
  public FeatureMaps featureMaps(CamNetwork model) {
    return winogradStack(model)
        .<FeatureMaps>map(FastFeatureMaps::new)
        .orElseGet(model::stockFeatureMaps);
  }

  private Optional<Trunk> winogradStack(CamNetwork model) {
    return this == FAST && JavaVectors.areHere() ? model.plainStack() : Optional.empty();
  }
}
