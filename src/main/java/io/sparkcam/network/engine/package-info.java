/** What computes networks: the fast engine where it can, DL4J's own layers elsewhere. */
package io.sparkcam.network.engine;
