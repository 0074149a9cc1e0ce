/**
 * The directory of a run: staging, manifest, lock, checkpoints, publication.
 *
 * <p>What is on disk while {@code OUTPUT/RUN_ID} is made, in this order. Whenever the process dies,
 * what is there by then stays, and {@code --resume} goes on from it.
 *
 * <ol>
 *   <li>{@code .RUN_ID.owner}: who makes the run ({@code RunLock}). Its process is known to be
 *       dead, or nobody else touches the run.
 *   <li>{@code .RUN_ID.staging/attempts/}: of this process, empty.
 *   <li>{@code .RUN_ID.checkpoints/begun.json}: the command and its number of workers.
 *   <li>{@code .RUN_ID.checkpoints/epoch-EEEEE-round-RRRRRRR.checkpoint}: training goes on in epoch
 *       E, of which R rounds are done. Written after each epoch and its validation, before it is
 *       shown, and as often as {@code --checkpoint-every} says; the last two are kept. The one of
 *       the epoch after the last is there until the run is published: nothing is trained twice.
 *   <li>{@code .RUN_ID.staging/model.zip}, {@code history.jsonl}: written anew from the last
 *       checkpoint when a run is resumed.
 *   <li>{@code .RUN_ID.staging/attempts/part-PPPPP-PROCESS-ATTEMPT.parquet}: parts in the making.
 *       Each that is finished has {@code .RUN_ID.checkpoints/parts/} and the same name in {@code
 *       .json}, with its SHA-256 and what it was made of ({@link io.sparkcam.run.PartFiles}).
 *   <li>{@code .RUN_ID.staging/explanations/part-PPPPP.parquet}: the same parts, moved when all are
 *       finished; a resumed run finds them here, too. {@code attempts} is gone then.
 *   <li>{@code .RUN_ID.staging/aggregates/}, {@code manifest.json}: written anew when resumed.
 *   <li>{@code RUN_ID/}: the staging directory, verified and renamed. The run is published; what is
 *       left is removed, checkpoints first, the owner last.
 * </ol>
 *
 * <p>On a file system that cannot rename a directory in one step ({@code Publication}), only {@code
 * attempts} is in the staging directory: all else is written under {@code RUN_ID/} at once, and
 * {@code RUN_ID/manifest.json}, written last and after verification, publishes it. Before, the
 * directory is no run to any reader. Two processes that begin one run in the same instant are told
 * apart only where a file can be created exclusively, which not every object store can.
 *
 * <p>A file that must be whole is written beside its place, synced and renamed, or in an object
 * store simply written, where it appears when it is closed. Checkpoints carry a checksum all the
 * same; a damaged one is renamed to {@code .damaged} and the one before is used.
 */
package io.sparkcam.run;
