/** The convolution trunk in Java's own vectors, by Winograd's minimal filtering. */
package io.sparkcam.network.winograd;
