package io.sparkcam.network.file.onnx;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.HeadKind;
import java.util.Optional;

/**
 * A network out of an ONNX file, computed by ONNX Runtime as far as its features. Its parameters
 * are those of its dense layer alone: the others lie in the graph.
 */
public final class OnnxNetwork implements CamNetwork {
  private static final long serialVersionUID = 1L;

  private final int height;
  private final int width;
  private final int channels;
  private final FeatureShape features;
  private final DenseLayer.Shape dense;
  private final int batch;
  private final byte[] trunk;
  private final String sha256;

  /**
   * @param batch of which images must be given; 0: any
   * @param trunk the graph as far as the features, as {@link OnnxTrunk} writes it
   * @param sha256 of the trunk
   */
  OnnxNetwork(
      ImageShape images,
      FeatureShape features,
      DenseLayer.Shape dense,
      int batch,
      byte[] trunk,
      String sha256) {
    this.height = images.height();
    this.width = images.width();
    this.channels = images.channels();
    this.features = features;
    this.dense = dense;
    this.batch = batch;
    this.trunk = trunk;
    this.sha256 = sha256;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public int classes() {
    return dense.classes();
  }

  @Override
  public int featureRows() {
    return features.height();
  }

  @Override
  public int featureColumns() {
    return features.width();
  }

  @Override
  public int featureChannels() {
    return features.channels();
  }

  @Override
  public Optional<CellGrid> cellGrid() {
    return Optional.ofNullable(features.grid());
  }

  @Override
  public int parameterCount() {
    int inputs = dense.flattened() ? features.size() : features.channels();
    return Math.multiplyExact(inputs + 1, dense.classes());
  }

  @Override
  public int headOffset() {
    return 0;
  }

  @Override
  public HeadKind headKind() {
    return dense.kind();
  }

  @Override
  public boolean isFlattened() {
    return dense.flattened();
  }

  @Override
  public FeatureMaps stockFeatureMaps() {
    return new OnnxFeatureMaps(this, OnnxSession.shared(sha256, trunk), batch);
  }

  /** Networks of the same graph are the same, but for their dense layers' weights. */
  @Override
  public boolean equals(Object other) {
    return other instanceof OnnxNetwork network && network.sha256.equals(sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }
}
