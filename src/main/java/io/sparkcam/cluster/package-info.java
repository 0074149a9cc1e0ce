/**
 * What training and explanation share of Spark: images as RDDs, arrays and working copies of the
 * model on the executors.
 */
package io.sparkcam.cluster;
