/**
 * The GAP-CNN: its DL4J configuration, the fast convolution trunk, loading and saving. No Spark
 * here.
 */
package io.sparkcam.network;
