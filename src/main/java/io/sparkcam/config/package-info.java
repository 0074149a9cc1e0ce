/**
 * The settings of a run: what can be set, where values come from, which values are possible. Knows
 * nothing of how a run is made.
 */
package io.sparkcam.config;
