/**
 * Labelled images, from where they are published to where they are trained on.
 *
 * <p>{@link DataLocator} says which directory holds the four IDX files; {@link EpochOrder} says
 * which worker trains on which image. How images are stored meanwhile, a {@link ImageBlock} at a
 * time, is in {@code data}.
 */
package io.sparkcam.dataset;
