package io.sparkcam.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How a network wants its pixels: of each of its input channels {@code scale * value + shift}, of
 * values from 0 to 255.
 *
 * <p>Pixels are scaled before the network sees them, never by changing its first convolution: where
 * that pads with zeros, an offset folded into its bias would count for pixels that are not there.
 *
 * @param scale one a channel, in the network's order of channels
 * @param shift one a channel, in the network's order of channels
 * @param bgr whether the network's first channel is the image's last
 */
public record PixelScale(List<Double> scale, List<Double> shift, boolean bgr)
    implements Serializable {
  private static final double LARGEST = 255;
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_DEVIATION = List.of(0.229, 0.224, 0.225);
  private static final List<Double> CAFFE_MEAN_BGR = List.of(103.939, 116.779, 123.68);

  public PixelScale {
    scale = List.copyOf(scale);
    shift = List.copyOf(shift);
    if (scale.isEmpty() || scale.size() != shift.size()) {
      throw new IllegalArgumentException(
          "pixels: %s scales and %s shifts, expected one of each a channel"
              .formatted(scale.size(), shift.size()));
    }
    for (int c = 0; c < scale.size(); c++) {
      if (!Double.isFinite(scale.get(c)) || !Double.isFinite(shift.get(c))) {
        throw new IllegalArgumentException(
            "pixels: scale %s, shift %s of channel %s, expected finite numbers"
                .formatted(scale.get(c), shift.get(c), c));
      }
    }
  }

  private static PixelScale of(int channels, double scale, double shift) {
    return new PixelScale(
        Collections.nCopies(channels, scale), Collections.nCopies(channels, shift), false);
  }

  /** From 0 to 1. */
  public static PixelScale unit(int channels) {
    return of(channels, 1 / LARGEST, 0);
  }

  /** From -1 to 1. */
  public static PixelScale signed(int channels) {
    return of(channels, 2 / LARGEST, -1);
  }

  /** From 0 to 255. */
  public static PixelScale raw(int channels) {
    return of(channels, 1, 0);
  }

  /** As torchvision gives them: {@code (value / 255 - mean) / deviation} of ImageNet, RGB. */
  public static PixelScale imagenet() {
    List<Double> scale = new ArrayList<>();
    List<Double> shift = new ArrayList<>();
    for (int c = 0; c < IMAGENET_MEAN.size(); c++) {
      scale.add(1 / (LARGEST * IMAGENET_DEVIATION.get(c)));
      shift.add(-IMAGENET_MEAN.get(c) / IMAGENET_DEVIATION.get(c));
    }
    return new PixelScale(scale, shift, false);
  }

  /** As Caffe and Keras's VGG and ResNet want them: BGR minus ImageNet's mean, 0 to 255. */
  public static PixelScale caffe() {
    return new PixelScale(
        Collections.nCopies(CAFFE_MEAN_BGR.size(), 1.0),
        CAFFE_MEAN_BGR.stream().map(mean -> -mean).toList(),
        true);
  }

  /** Channels of an image. */
  public int channels() {
    return scale.size();
  }

  /** Whether values from 0 to 1 are given as they are. */
  public boolean isUnit() {
    return equals(unit(channels()));
  }

  /** The same, then {@code factor * x + term} of each channel. */
  public PixelScale then(List<Double> factor, List<Double> term) {
    List<Double> newScale = new ArrayList<>();
    List<Double> newShift = new ArrayList<>();
    for (int c = 0; c < channels(); c++) {
      newScale.add(scale.get(c) * factor.get(c));
      newShift.add(shift.get(c) * factor.get(c) + term.get(c));
    }
    return new PixelScale(newScale, newShift, bgr);
  }

  /** The same, then channels in the opposite order. */
  public PixelScale reversed() {
    List<Double> newScale = new ArrayList<>(scale);
    List<Double> newShift = new ArrayList<>(shift);
    Collections.reverse(newScale);
    Collections.reverse(newShift);
    return new PixelScale(newScale, newShift, !bgr);
  }

  /**
   * Scales images.
   *
   * @param images {@code (count, C, H, W)}, values in [0, 1]; may be longer
   * @param pixels H times W
   * @param scaled receives {@code (count, C, H, W)} as the network wants them
   */
  public void apply(float[] images, int count, int pixels, float[] scaled) {
    int channels = channels();
    for (int n = 0; n < count; n++) {
      for (int c = 0; c < channels; c++) {
        int from = (n * channels + (bgr ? channels - 1 - c : c)) * pixels;
        int to = (n * channels + c) * pixels;
        double factor = scale.get(c) * LARGEST;
        double term = shift.get(c);
        for (int i = 0; i < pixels; i++) {
          scaled[to + i] = (float) (images[from + i] * factor + term);
        }
      }
    }
  }

  /** {@code 0.0078 * value - 1}, or the same for each channel. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < channels(); c++) {
      if (c > 0 && scale.get(c).equals(scale.get(0)) && shift.get(c).equals(shift.get(0))) {
        continue;
      }
      text.append(c > 0 ? ", " : "")
          .append((float) scale.get(c).doubleValue())
          .append(" * value + ")
          .append((float) shift.get(c).doubleValue());
    }
    return text + (bgr ? " of B, G, R" : "");
  }
}
