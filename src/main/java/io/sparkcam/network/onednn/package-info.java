/**
 * The convolution trunk on oneDNN: blocked formats from end to end, primitives made once for each
 * batch size.
 */
package io.sparkcam.network.onednn;
