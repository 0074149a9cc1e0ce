/**
 * What {@code submit/bench.sh} runs: the figures of a machine, one line each. Not tests: how long
 * something takes is reported, never asserted.
 */
package io.sparkcam.bench;
