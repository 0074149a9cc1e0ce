package io.sparkcam.network.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The vector registers of this machine. Channels are stored padded with zeros to whole ones. */
final class Lanes {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int COUNT = SPECIES.length();

  private Lanes() {}

  /** The next multiple of {@link #COUNT}. */
  static int padded(int channels) {
    return (channels + COUNT - 1) / COUNT * COUNT;
  }
}
