/**
 * Explaining on Spark: the broadcast network over the images, partition by partition, into the
 * table.
 */
package io.sparkcam.explain;
