/**
 * The IDX files of MNIST and its relatives. {@link io.sparkcam.data.idx.IdxFormat} is the way in;
 * {@link io.sparkcam.data.idx.IdxChunks} reads a pair of files in one task; {@link
 * io.sparkcam.data.idx.DataLocator} finds Fashion-MNIST where no data is named.
 */
package io.sparkcam.data.idx;
