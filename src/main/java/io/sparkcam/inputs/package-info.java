/** Opens what the settings name: the data set and saved models. */
package io.sparkcam.inputs;
