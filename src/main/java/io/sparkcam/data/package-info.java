/**
 * Images as they are stored for the time of a run.
 *
 * <p>A <em>record</em> is an image's label and pixels, all of one size. A <em>chunk</em> is a file
 * of consecutive records, about 64 MB: {@link io.sparkcam.data.ChunkWriter} writes them, {@link
 * io.sparkcam.data.Chunk} names one. A <em>block</em> is about 1 MB of a chunk: what is read,
 * checked and cached at a time. {@link io.sparkcam.data.ImageIndex} says which chunk holds which
 * ids; {@link io.sparkcam.data.ChunkReader} reads images by id. Plain IDX files are chunks already
 * ({@link io.sparkcam.data.idx.IdxChunks}): nothing of them is copied.
 */
package io.sparkcam.data;
