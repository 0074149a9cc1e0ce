package io.sparkcam.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack of same-padded convolutions with ReLU, each optionally followed by 2x2 max pooling of
 * stride 2: everything of a GAP-CNN before the global average.
 *
 * <p>Parameters lie in one vector exactly as DL4J's stock layers lay them out, convolution after
 * convolution: bias {@code (out)}, then weights {@code (out, in, kernel, kernel)} in c order.
 *
 * @param height input rows
 * @param width input columns
 * @param channels input channels
 * @param stages the convolutions, first to last; at least one
 */
public record Trunk(int height, int width, int channels, List<Stage> stages)
    implements Serializable {

  /**
   * One convolution with its ReLU.
   *
   * @param filters output channels
   * @param kernel side of the square kernel: 1 or 3
   * @param pooled whether 2x2 max pooling follows; an odd last row or column is dropped, as DL4J
   *     and Keras ("valid") do
   */
  public record Stage(int filters, int kernel, boolean pooled) implements Serializable {
    public Stage {
      if (filters < 1) {
        throw new IllegalArgumentException("filters: " + filters + ", expected at least 1");
      }
      if (kernel != 1 && kernel != 3) {
        throw new IllegalArgumentException("kernel: " + kernel + ", expected 1 or 3");
      }
    }
  }

  public Trunk {
    stages = List.copyOf(stages);
    if (height < 1 || width < 1 || channels < 1 || stages.isEmpty()) {
      throw new IllegalArgumentException(
          "trunk of ("
              + channels
              + ", "
              + height
              + ", "
              + width
              + ") with "
              + stages.size()
              + " convolutions, expected positive sizes and at least one convolution");
    }
    int rows = height;
    int columns = width;
    for (int i = 0; i < stages.size(); i++) {
      if (stages.get(i).pooled()) {
        rows /= 2;
        columns /= 2;
      }
      if (rows == 0 || columns == 0) {
        throw new IllegalArgumentException(
            "convolution "
                + (i + 1)
                + ": nothing is left of "
                + height
                + "x"
                + width
                + " after its pooling");
      }
    }
  }

  /** Input channels of convolution {@code stage}. */
  public int channelsInto(int stage) {
    return stage == 0 ? channels : stages.get(stage - 1).filters();
  }

  /** Rows that convolution {@code stage} sees (and, same-padded, returns before its pooling). */
  public int rowsInto(int stage) {
    return halved(height, stage);
  }

  /** Columns that convolution {@code stage} sees. */
  public int columnsInto(int stage) {
    return halved(width, stage);
  }

  /** Rows of the features: what the last stage returns. */
  public int featureRows() {
    return halved(height, stages.size());
  }

  /** Columns of the features. */
  public int featureColumns() {
    return halved(width, stages.size());
  }

  /** Channels of the features: K in the CAM formula. */
  public int featureChannels() {
    return stages.get(stages.size() - 1).filters();
  }

  /** Values of one image: C times H times W. */
  public int inputSize() {
    return channels * height * width;
  }

  /** Cells of one image's features: h times w. */
  public int featureCells() {
    return featureRows() * featureColumns();
  }

  /** Values of one image's features: h times w times K. */
  public int featureSize() {
    return featureCells() * featureChannels();
  }

  /** Number of weights of convolution {@code stage}, without its bias. */
  public int weightCount(int stage) {
    Stage s = stages.get(stage);
    return s.filters() * channelsInto(stage) * s.kernel() * s.kernel();
  }

  /**
   * Where the bias of convolution {@code stage} starts in the parameter vector; its weights follow
   * directly.
   */
  public int biasOffset(int stage) {
    int offset = 0;
    for (int i = 0; i < stage; i++) {
      offset += stages.get(i).filters() + weightCount(i);
    }
    return offset;
  }

  /** Number of all parameters. */
  public int parameterCount() {
    return biasOffset(stages.size());
  }

  /** Distance in input pixels between neighbouring feature cells: 2 to the number of poolings. */
  public int featureStride() {
    int stride = 1;
    for (Stage stage : stages) {
      stride *= stage.pooled() ? 2 : 1;
    }
    return stride;
  }

  private int halved(int side, int before) {
    int left = side;
    for (Stage stage : stages.subList(0, before)) {
      left = stage.pooled() ? left / 2 : left;
    }
    return left;
  }

  /** The trunk as one readable line, such as {@code 1x28x28 -> 16 pool -> 32 pool -> 128}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(channels + "x" + height + "x" + width);
    for (Stage stage : stages) {
      parts.add(
          stage.filters()
              + (stage.kernel() == 1 ? " (1x1)" : "")
              + (stage.pooled() ? " pool" : ""));
    }
    return String.join(" -> ", parts);
  }
}
