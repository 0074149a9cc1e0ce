/**
 * The convolution trunk as one custom DL4J layer: configuration, implementation, parameter
 * initializer.
 */
package io.sparkcam.network.layer;
