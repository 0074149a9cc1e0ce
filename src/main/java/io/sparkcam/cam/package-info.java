/**
 * The numerics of class activation mapping: maps from features, their zoom to image size, boxes
 * around them. Plain Java on flat row-major arrays, no Spark and no DL4J.
 */
package io.sparkcam.cam;
