package io.sparkcam.bench;

import io.sparkcam.data.Part;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.testing.GoldenNetwork;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.factory.Nd4j;

/** Writes what {@code explain} reads: a saved model, and data sets of several sizes. */
final class ExplainInput {
  /** Test images of the data sets, which are named by these numbers. */
  static final int[] SIZES = {10_000, 100_000};

  private ExplainInput() {}

  /** Takes the effort and a directory, leaves there {@code model.zip} and the data sets. */
  public static void main(String[] args) throws IOException {
    Effort effort = Effort.named(args[0]);
    Path directory = Path.of(args[1]);
    MultiLayerNetwork network = GoldenNetwork.MODEL.network(TrainableNetwork.adam(1e-3), 0);
    network.setParams(Nd4j.createFromArray(GoldenNetwork.parameters()));
    try (OutputStream out = Files.newOutputStream(directory.resolve("model.zip"))) {
      ModelZip.write(network, out);
    }
    RepeatedImages images =
        RepeatedImages.of(SparkFigures.defaults(effort).data(), Part.TEST, directory);
    for (int size : SIZES) {
      Path data = Files.createDirectory(directory.resolve(Integer.toString(size)));
      images.write(data, "train", 1);
      images.write(data, "t10k", effort.peakImages(size));
    }
  }
}
