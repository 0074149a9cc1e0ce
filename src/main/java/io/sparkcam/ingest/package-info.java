/**
 * Images that are not IDX: folders of image files and tables in Parquet. Spark reads them, its
 * executors decode and check them, and what is good becomes the same {@link io.sparkcam.data.Chunk}
 * as IDX files do, partition by partition; what is bad is named.
 *
 * <p>{@link io.sparkcam.ingest.Ingested} is the way in; {@link io.sparkcam.ingest.ImageFolder} and
 * {@link io.sparkcam.ingest.ImageTable} say where records lie and what their labels are, {@link
 * io.sparkcam.data.image.ImageForm} how pixels are got out of them.
 */
package io.sparkcam.ingest;
