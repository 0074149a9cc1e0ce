package io.sparkcam.network.engine;

import io.sparkcam.network.TrainingState;
import io.sparkcam.network.engine.winograd.WinogradTrunk;

/**
 * Moves vectors between the stock network's order of parameters and that of a {@link
 * WinogradTrunk}. What follows the trunk's parameters stays where it is.
 */
public final class ParameterOrder {
  private final int[] order;

  public ParameterOrder(WinogradTrunk engine) {
    this.order = engine.order();
  }

  /** A copy of {@code stock} in the engine's order. */
  public float[] toEngine(float[] stock) {
    float[] engine = stock.clone();
    toEngine(stock, engine, 0);
    return engine;
  }

  /** A copy of {@code engine} in the stock network's order. */
  public float[] toStock(float[] engine) {
    float[] stock = engine.clone();
    toStock(engine, stock, 0);
    return stock;
  }

  TrainingState toEngine(TrainingState stock) {
    float[] moments = stock.moments().clone();
    toEngine(stock.moments(), moments, 0);
    toEngine(stock.moments(), moments, moments.length / 2);
    return new TrainingState(toEngine(stock.parameters()), moments, stock.iteration());
  }

  TrainingState toStock(TrainingState engine) {
    float[] moments = engine.moments().clone();
    toStock(engine.moments(), moments, 0);
    toStock(engine.moments(), moments, moments.length / 2);
    return new TrainingState(toStock(engine.parameters()), moments, engine.iteration());
  }

  private void toEngine(float[] stock, float[] engine, int start) {
    for (int k = 0; k < order.length; k++) {
      engine[start + k] = stock[start + order[k]];
    }
  }

  private void toStock(float[] engine, float[] stock, int start) {
    for (int k = 0; k < order.length; k++) {
      stock[start + order[k]] = engine[start + k];
    }
  }
}
