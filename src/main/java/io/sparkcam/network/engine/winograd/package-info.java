/**
 * Convolutions in Java's vectors by Winograd's minimal filtering. Nothing else uses the incubating
 * vector module.
 */
package io.sparkcam.network.engine.winograd;
