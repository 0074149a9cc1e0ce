package io.sparkcam.network.file.onnx;

import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.FeatureMaps;
import java.nio.FloatBuffer;
import java.util.Map;

/** {@link FeatureMaps} by ONNX Runtime. */
final class OnnxFeatureMaps implements FeatureMaps {
  private final OnnxSession session;
  private final int imageSize;
  private final int featureSize;
  private final int fixed;
  private final long[] image;
  private final long[] cells;
  private FloatBuffer images = OnnxSession.buffer(0);
  private FloatBuffer features = OnnxSession.buffer(0);

  /**
   * @param session of the network's trunk; closed with this
   * @param fixed images that the graph must be given; 0: any number
   */
  OnnxFeatureMaps(CamNetwork network, OnnxSession session, int fixed) {
    this.session = session;
    this.imageSize = network.inputSize();
    this.featureSize = network.featureSize();
    this.fixed = fixed;
    this.image = new long[] {0, network.channels(), network.height(), network.width()};
    this.cells =
        new long[] {0, network.featureRows(), network.featureColumns(), network.featureChannels()};
  }

  /** Nothing: the graph holds the weights of its convolutions. */
  @Override
  public void load(float[] parameters) {}

  @Override
  public void compute(int batch, float[] input, float[] output) {
    int most = fixed == 0 ? batch : fixed;
    for (int first = 0; first < batch; first += most) {
      compute(first, Math.min(most, batch - first), most, input, output);
    }
  }

  /** A graph of a fixed batch gets the last images with others beside them, which do not count. */
  private void compute(int first, int count, int given, float[] input, float[] output) {
    if (images.capacity() < given * imageSize) {
      images = OnnxSession.buffer((long) given * imageSize);
      features = OnnxSession.buffer((long) given * featureSize);
    }
    images.clear().put(input, first * imageSize, count * imageSize);
    image[0] = given;
    cells[0] = given;
    session.run(
        images.clear().limit(given * imageSize),
        image,
        Map.of(
            OnnxTrunk.FEATURES,
            new OnnxSession.Output(features.clear().limit(given * featureSize), cells)));
    features.clear().get(output, first * featureSize, count * featureSize);
  }

  @Override
  public void close() {
    session.close();
  }
}
