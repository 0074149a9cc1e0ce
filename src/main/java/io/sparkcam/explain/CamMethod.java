package io.sparkcam.explain;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import java.io.IOException;

/**
 * A way to make maps of what a network sees. One that is listed in {@link CamMethods} can be chosen
 * by its name.
 */
public interface CamMethod {
  /** Makes the maps of batches; belongs to one thread at a time. */
  @FunctionalInterface
  interface Maps {
    /**
     * Makes the maps of the first rows of a batch, whose images the classifier has just seen.
     *
     * @param images their block
     * @param first of them in it
     * @param batch has features, logits, probabilities and {@code camClasses} of {@code count}
     *     images; {@code camLow} receives (count, mapped, h, w) row-major: their maps, raw and
     *     signed
     */
    void compute(ImageBlock images, int first, ExplanationBatch batch, int count);
  }

  /**
   * Whether the mean of a class's map and the dense layer's bias add up to the class's logit.
   * Whatever is published of a method that says so is checked for it, row by row.
   */
  boolean addsUp();

  /** What its maps are, for the table's description. */
  String title();

  /**
   * Refuses networks that lack what it needs.
   *
   * @throws IOException saying what
   */
  default void require(CamNetwork network) throws IOException {}

  /**
   * Makes maps with a network.
   *
   * @param classifier has the parameters; may be asked about further images
   * @param parameters the same, flattened in DL4J's order
   */
  Maps of(CamNetwork network, ForwardPass classifier, float[] parameters);
}
