/**
 * What a run's table says of all its images together: mean maps, confused pairs, quantiles, test
 * figures. Tasks add it up while they write the table; the same rows give the same values to the
 * last bit, however they are partitioned.
 */
package io.sparkcam.aggregate;
