package io.sparkcam.job;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ImageShape;
import io.sparkcam.inputs.ExplainableModel;
import io.sparkcam.inputs.ModelFile;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.network.file.StockNetwork;
import io.sparkcam.training.TrainingPlan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
    CamNetwork network = model.network();
    if (network.plainStack().isPresent()) {
      return new GapCnn(network.plainStack().get(), classes);
    }
    if (!model.fileName().equals(ModelFile.DL4J)) {
      throw new IOException(
          "%s: is no model of DL4J or Keras, expected one: %s trains a dense layer on it"
              .formatted(name, Setting.BACKBONE.flag()));
    }
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    model.content().writeTo(zip);
    return StockNetwork.of(
        ModelZip.read(new ByteArrayInputStream(zip.toByteArray()), name),
        name,
        new ImageShape(network.height(), network.width(), network.channels()),
        classes);
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
