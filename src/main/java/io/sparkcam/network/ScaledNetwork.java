package io.sparkcam.network;

import java.util.Optional;

/**
 * A network that is given its pixels otherwise than from 0 to 1.
 *
 * @param network the same with pixels as it wants them
 * @param scale how it wants them
 */
public record ScaledNetwork(CamNetwork network, PixelScale scale) implements CamNetwork {

  /** The network itself where it wants pixels from 0 to 1. */
  public static CamNetwork of(CamNetwork network, PixelScale scale) {
    if (scale.channels() != network.channels()) {
      throw new IllegalArgumentException(
          "pixels of %s channels, expected %s".formatted(scale.channels(), network.channels()));
    }
    return scale.isUnit() ? network : new ScaledNetwork(network, scale);
  }

  @Override
  public Optional<PixelScale> pixels() {
    return Optional.of(scale);
  }

  @Override
  public int height() {
    return network.height();
  }

  @Override
  public int width() {
    return network.width();
  }

  @Override
  public int channels() {
    return network.channels();
  }

  @Override
  public int classes() {
    return network.classes();
  }

  @Override
  public int featureRows() {
    return network.featureRows();
  }

  @Override
  public int featureColumns() {
    return network.featureColumns();
  }

  @Override
  public int featureChannels() {
    return network.featureChannels();
  }

  @Override
  public Optional<CellGrid> cellGrid() {
    return network.cellGrid();
  }

  @Override
  public int parameterCount() {
    return network.parameterCount();
  }

  @Override
  public int headOffset() {
    return network.headOffset();
  }

  @Override
  public Optional<Trunk> plainStack() {
    return network.plainStack();
  }

  @Override
  public FeatureMaps stockFeatureMaps() {
    return network.stockFeatureMaps();
  }

  @Override
  public HeadKind headKind() {
    return network.headKind();
  }

  @Override
  public boolean isFlattened() {
    return network.isFlattened();
  }
}
