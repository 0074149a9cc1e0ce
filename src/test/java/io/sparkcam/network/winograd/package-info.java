/** Tests of the parts that the engine in Java's vectors is made of. */
package io.sparkcam.network.winograd;
