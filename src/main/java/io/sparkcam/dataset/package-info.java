/**
 * Labelled images, from where they are published to where they are trained on.
 *
 * <p>{@link DataLocator} says which directory holds the four IDX files, {@link IdxSpool} reads and
 * checks them once and writes a {@link Spool} that every executor can read at random through {@link
 * SpoolReader}, a {@link ImageBlock} at a time; {@link ShardPlan} says which worker trains on which
 * image. Data in other formats is read by {@code ingest} into the same spool: both are an {@link
 * ImageSource}.
 */
package io.sparkcam.dataset;
