/** Models that Keras saved, through DL4J's import. */
package io.sparkcam.network.file.keras;
