/**
 * Training across shards: rounds of averaging, validation, checkpoints, and what is told of them.
 */
package io.sparkcam.training;
