/** Training across shards: rounds of averaging, validation, and what is told of them. */
package io.sparkcam.training;
