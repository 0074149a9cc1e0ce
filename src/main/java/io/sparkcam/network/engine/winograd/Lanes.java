package io.sparkcam.network.engine.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector registers of this machine. Channels are stored padded with zeros to whole ones, and to
 * the whole blocks that {@link MatrixProduct} computes.
 */
final class Lanes {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int COUNT = SPECIES.length();

  private Lanes() {}

  /** The next multiple of {@link #COUNT} and of {@link MatrixProduct#ROWS}. */
  static int padded(int channels) {
    int unit = Math.max(COUNT, MatrixProduct.ROWS);
    return (channels + unit - 1) / unit * unit;
  }
}
