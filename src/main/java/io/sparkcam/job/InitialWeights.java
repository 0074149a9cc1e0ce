package io.sparkcam.job;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.inputs.ExplainableModel;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.Trunk;
import io.sparkcam.training.TrainingPlan;
import java.io.IOException;

/** Training that goes on from a saved model. */
final class InitialWeights {
  private InitialWeights() {}

  /**
   * The network of a model, for so many classes.
   *
   * @throws IOException if it is none that is trained here
   */
  static TrainableNetwork network(ExplainableModel model, Settings settings, int classes)
      throws IOException {
    String name = settings.get(Setting.INIT).orElseThrow();
    if (model.network().pixels().isPresent()) {
      throw new IOException(
          "%s: takes pixels as %s, networks are trained on 0 to 1: %s trains a dense layer on it"
              .formatted(name, model.network().pixels().get(), Setting.BACKBONE.flag()));
    }
    Trunk trunk =
        model
            .network()
            .plainStack()
            .orElseThrow(
                () ->
                    new IOException(
                        name
                            + ": is no stack of convolutions of 3x3 and 1x1, expected one: "
                            + Setting.BACKBONE.flag()
                            + " trains a dense layer on it"));
    return new GapCnn(trunk, classes);
  }

  /**
   * The weights to start with: the model's, but for a dense layer of another number of classes,
   * which is initialised as the plan says.
   */
  static float[] of(ExplainableModel model, TrainableNetwork network, TrainingPlan plan) {
    if (model.network().classes() == network.classes()) {
      return model.parameters();
    }
    float[] weights =
        network
            .network(TrainableNetwork.adam(0), plan.initialisation(), plan.seed())
            .params()
            .dup()
            .data()
            .asFloat();
    System.arraycopy(model.parameters(), 0, weights, 0, network.headOffset());
    return weights;
  }
}
