package io.sparkcam.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network with parameters, images and labels that follow from a seed. */
public final class RandomNetwork {
  private static final Pattern INPUT = Pattern.compile("(\\d+)x(\\d+)x(\\d+)");
  private static final Pattern STAGE = Pattern.compile(" (\\d+)(:1)?(p)?");

  public final GapCnn model;
  public final float[] parameters;
  private final SplittableRandom random;

  /**
   * Weights are Glorot uniform; biases are not zero, as they are after training, and so large that
   * few units are dead.
   */
  public RandomNetwork(GapCnn model, long seed) {
    this.model = model;
    this.random = new SplittableRandom(seed);
    this.parameters = new float[model.parameterCount()];
    Trunk trunk = model.trunk();
    for (int i = 0; i < trunk.stages().size(); i++) {
      Trunk.Stage stage = trunk.stages().get(i);
      int weights = trunk.biasOffset(i) + stage.filters();
      int area = stage.kernel() * stage.kernel();
      fill(trunk.biasOffset(i), weights, 0.1);
      fill(
          weights,
          weights + trunk.weightCount(i),
          Math.sqrt(6.0 / (area * (trunk.channelsInto(i) + stage.filters()))));
    }
    int biases = parameters.length - model.classes();
    fill(
        trunk.parameterCount(),
        biases,
        Math.sqrt(6.0 / (trunk.featureChannels() + model.classes())));
    fill(biases, parameters.length, 0.1);
  }

  private void fill(int from, int end, double bound) {
    for (int i = from; i < end; i++) {
      parameters[i] = (float) random.nextDouble(-bound, bound);
    }
  }

  /** Next {@code (count, C, H, W)} in [0, 1). */
  public float[] images(int count) {
    float[] images = new float[count * model.trunk().inputSize()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextDouble();
    }
    return images;
  }

  /** Next {@code (count)} classes. */
  public int[] labels(int count) {
    return random.ints(count, 0, model.classes()).toArray();
  }

  /** Range of the flattened vector. */
  public record Range(int from, int end) {}

  /** Where each parameter array lies: {@code b1, W1, ..., W, b}. */
  public static Map<String, Range> arrays(GapCnn model) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    Trunk trunk = model.trunk();
    for (int i = 0; i < trunk.stages().size(); i++) {
      int weights = trunk.biasOffset(i) + trunk.stages().get(i).filters();
      ranges.put("b" + (i + 1), new Range(trunk.biasOffset(i), weights));
      ranges.put("W" + (i + 1), new Range(weights, weights + trunk.weightCount(i)));
    }
    int biases = model.parameterCount() - model.classes();
    ranges.put("W", new Range(trunk.parameterCount(), biases));
    ranges.put("b", new Range(biases, model.parameterCount()));
    return ranges;
  }

  /**
   * A network from its sizes: {@code "1x27x25 16p 5 8:1"} takes one channel of 27 rows and 25
   * columns, and has a pooled convolution of 16 filters, a plain one of 5 and a 1x1 one of 8.
   */
  public static GapCnn parse(String text, int classes) {
    Matcher sizes = INPUT.matcher(text);
    if (!sizes.lookingAt()) {
      throw new IllegalArgumentException(text);
    }
    List<Trunk.Stage> stages = new ArrayList<>();
    Matcher stage = STAGE.matcher(text);
    while (stage.find()) {
      int kernel = stage.group(2) == null ? 3 : 1;
      stages.add(new Trunk.Stage(Integer.parseInt(stage.group(1)), kernel, stage.group(3) != null));
    }
    int channels = Integer.parseInt(sizes.group(1));
    int height = Integer.parseInt(sizes.group(2));
    int width = Integer.parseInt(sizes.group(3));
    return new GapCnn(new Trunk(height, width, channels, stages), classes);
  }
}
