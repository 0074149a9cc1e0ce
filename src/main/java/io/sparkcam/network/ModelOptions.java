package io.sparkcam.network;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What somebody says of a model that its file does not.
 *
 * @param form of its pixels
 * @param scale each number, or one for all channels: of what it takes {@code (value * scale - mean)
 *     / std}; empty: as the form says
 * @param head what makes probabilities of its logits, where it does not say
 * @param layer whose output is explained by gradients; empty: what its one dense layer averages or
 *     flattens is explained, and it must have that
 */
public record ModelOptions(
    PixelForm form,
    Optional<Double> scale,
    List<Double> mean,
    List<Double> std,
    ChannelOrder order,
    Optional<HeadKind> head,
    Optional<FeatureLayer> layer) {
  /**
   * The layer whose output is explained by gradients.
   *
   * @param name empty: the one whose output a single dense layer averages or flattens, else the
   *     last convolution with the normalisation and the activation that follow it
   */
  public record FeatureLayer(Optional<String> name) {}

  /** How pixels of 0 to 255 are given to a network. */
  public enum PixelForm {
    /** As the file says, else from 0 to 1. */
    AUTO,
    /** From 0 to 1. */
    UNIT,
    /** From -1 to 1. */
    SIGNED,
    /** From 0 to 255. */
    RAW,
    /** From 0 to 1, less ImageNet's mean, by its deviation. */
    IMAGENET,
    /** BGR from 0 to 255, less ImageNet's mean. */
    CAFFE
  }

  /** Of an image's channels as the network takes them. */
  public enum ChannelOrder {
    AUTO,
    RGB,
    BGR
  }

  /** Nothing is said. */
  public static final ModelOptions NONE =
      new ModelOptions(
          PixelForm.AUTO,
          Optional.empty(),
          List.of(),
          List.of(),
          ChannelOrder.AUTO,
          Optional.empty());

  /** Of a model that needs no gradients. */
  public ModelOptions(
      PixelForm form,
      Optional<Double> scale,
      List<Double> mean,
      List<Double> std,
      ChannelOrder order,
      Optional<HeadKind> head) {
    this(form, scale, mean, std, order, head, Optional.empty());
  }

  /** The same, explained by gradients where a layer is given. */
  public ModelOptions with(Optional<FeatureLayer> explained) {
    return new ModelOptions(form, scale, mean, std, order, head, explained);
  }

  /**
   * How the network is given pixels; empty where nobody said.
   *
   * @throws IllegalArgumentException if the numbers do not fit the channels
   */
  public Optional<PixelScale> pixels(int channels) {
    boolean numbers = scale.isPresent() || !mean.isEmpty() || !std.isEmpty();
    if (form == PixelForm.AUTO && !numbers && order == ChannelOrder.AUTO) {
      return Optional.empty();
    }
    if (channels != 3 && (form == PixelForm.IMAGENET || form == PixelForm.CAFFE)) {
      throw new IllegalArgumentException(
          "pixels: form for 3 channels, the images have " + channels);
    }
    PixelScale pixels =
        switch (form) {
          case SIGNED -> PixelScale.signed(channels);
          case RAW -> PixelScale.raw(channels);
          case IMAGENET -> PixelScale.imagenet();
          case CAFFE -> PixelScale.caffe();
          default -> PixelScale.unit(channels);
        };
    if (scale.isPresent()) {
      pixels = PixelScale.raw(channels).then(all(scale.get(), channels), all(0, channels));
    }
    boolean reverse = order != ChannelOrder.AUTO && pixels.bgr() != (order == ChannelOrder.BGR);
    pixels = reverse ? pixels.reversed() : pixels;
    List<Double> means = spread("pixel-mean", mean, 0, channels);
    pixels = pixels.then(all(1, channels), means.stream().map(m -> -m).toList());
    List<Double> deviations = spread("pixel-std", std, 1, channels);
    return Optional.of(pixels.then(deviations.stream().map(s -> 1 / s).toList(), all(0, channels)));
  }

  private static List<Double> all(double value, int channels) {
    return Collections.nCopies(channels, value);
  }

  private static List<Double> spread(
      String option, List<Double> numbers, double otherwise, int channels) {
    if (numbers.size() > 1 && numbers.size() != channels) {
      throw new IllegalArgumentException(
          "%s: %s numbers, the images have %s channels"
              .formatted(option, numbers.size(), channels));
    }
    return numbers.size() == channels
        ? numbers
        : all(numbers.isEmpty() ? otherwise : numbers.get(0), channels);
  }
}
