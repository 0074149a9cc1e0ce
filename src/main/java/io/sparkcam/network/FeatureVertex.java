package io.sparkcam.network;

import java.io.Serializable;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where in a DL4J network the features are.
 *
 * @param name of the vertex whose output they are
 * @param pooling name of the layer that pools them
 * @param format of the network's images and features alike
 */
public record FeatureVertex(String name, String pooling, CNN2DFormat format)
    implements Serializable {

  /**
   * The features of images {@code (batch, C, H, W)}.
   *
   * @return {@code (batch, h, w, K)}; of another rank where the vertex gives no feature maps
   */
  public INDArray compute(ComputationGraph network, INDArray images) {
    return channelsLast(
        network.feedForward(new INDArray[] {given(images)}, layer(network), false).get(name));
  }

  /** Images {@code (batch, C, H, W)} as the network takes them. */
  public INDArray given(INDArray images) {
    return format == CNN2DFormat.NHWC ? images.permute(0, 2, 3, 1).dup('c') : images;
  }

  /** What a vertex gives: {@code (batch, h, w, K)} where it is of rank 4. */
  public INDArray channelsLast(INDArray output) {
    return format == CNN2DFormat.NHWC || output.rank() != 4 ? output : output.permute(0, 2, 3, 1);
  }

  /** DL4J counts layers, not vertices: as far as the one after the features. */
  private int layer(ComputationGraph network) {
    return Arrays.asList(network.getLayers()).indexOf(network.getLayer(pooling));
  }
}
