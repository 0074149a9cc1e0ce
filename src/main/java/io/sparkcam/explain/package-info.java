/**
 * What is found out about a batch of images with a network: maps, boxes, how faithful the maps are.
 * Knows nothing of Spark and nothing of how it is stored.
 */
package io.sparkcam.explain;
