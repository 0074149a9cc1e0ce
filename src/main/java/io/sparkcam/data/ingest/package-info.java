/**
 * Data sets become chunks: tasks list, sort and decode, the driver adds up counts.
 *
 * <p>In: a place and {@link io.sparkcam.data.ingest.DataOptions}. Out: a {@link
 * io.sparkcam.data.ingest.StoredPart}, images that can be read by id. A <em>source</em> is a file
 * or a row; its <em>key</em> is the SHA-256 of its name, which orders ids and chooses the
 * partition. {@link io.sparkcam.data.ingest.RecordIngest} decodes single sources, whatever format
 * they are of; each {@link io.sparkcam.data.ingest.DataFormat} has a package of its own and knows
 * nothing of the others.
 */
package io.sparkcam.data.ingest;
