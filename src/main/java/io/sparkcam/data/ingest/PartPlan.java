package io.sparkcam.data.ingest;

import io.sparkcam.data.Part;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where each part of a data set is read from.
 *
 * @param places of the parts; TRAIN and TEST share one where {@code split} divides it
 */
public record PartPlan<P>(Map<Part, P> places, TestSplit split) {
  /** Of the images where nothing says which are test images, and some are needed. */
  private static final double USUAL = 0.1;

  /**
   * Decides it.
   *
   * @param location for messages
   * @param found what the data set's own names say; all of it under TEST where they say nothing
   * @param parted whether they say anything
   * @param wanted the parts that are going to be read
   * @param fraction of test images, where it was asked for
   */
  public static <P> PartPlan<P> of(
      String location,
      Map<Part, P> found,
      boolean parted,
      Set<Part> wanted,
      OptionalDouble fraction)
      throws IOException {
    Map<Part, P> places = new EnumMap<>(found);
    if (parted && found.containsKey(Part.TEST)) {
      if (fraction.isPresent()) {
        throw new IOException(
            location + ": has test images of its own, --test-split is for data without");
      }
      return new PartPlan<>(places, TestSplit.NONE);
    }
    boolean both = wanted.contains(Part.TRAIN) && wanted.contains(Part.TEST);
    P undivided = parted ? found.get(Part.TRAIN) : found.get(Part.TEST);
    if (undivided != null && (both || fraction.isPresent())) {
      places.put(Part.TRAIN, undivided);
      places.put(Part.TEST, undivided);
      return new PartPlan<>(places, new TestSplit(fraction.orElse(USUAL)));
    }
    if (!parted && wanted.contains(Part.TRAIN)) {
      places.remove(Part.TEST);
      places.put(Part.TRAIN, undivided);
    }
    return new PartPlan<>(places, TestSplit.NONE);
  }

  /** The part that says which classes there are. */
  public Part naming() {
    return places.containsKey(Part.TRAIN) ? Part.TRAIN : places.keySet().iterator().next();
  }

  /** In words. */
  public String words() {
    return places.keySet().stream().map(Part::label).collect(Collectors.joining(" and "));
  }
}
