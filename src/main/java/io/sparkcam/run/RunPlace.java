package io.sparkcam.run;

import io.sparkcam.storage.PlainName;
import io.sparkcam.storage.Publication;
import io.sparkcam.storage.Storage;
import io.sparkcam.table.TableEntry;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where the run of one name is, and what belongs to it until it is published.
 *
 * @param output the directory of all runs
 */
record RunPlace(FileSystem files, Path output, String runId) {
  static final String STAGING = ".staging";
  static final String CHECKPOINTS = ".checkpoints";
  static final String OWNER = ".owner";
  static final String CHUNKS = ".chunks";

  static RunPlace of(String output, String runId, Configuration configuration) throws IOException {
    if (!PlainName.is(runId)) {
      throw new IllegalArgumentException(
          "run id '" + runId + "', expected letters, digits, '.', '_' and '-', no '.' first");
    }
    Path parent = Storage.path(output);
    return new RunPlace(Storage.of(parent, configuration), parent, runId);
  }

  /** The run's name. */
  Path target() {
    return new Path(output, runId);
  }

  /** What is being built and, of every publication, what tasks write. */
  Path staging() {
    return hidden(STAGING);
  }

  /** What {@code --resume} goes on from. */
  Path checkpoints() {
    return hidden(CHECKPOINTS);
  }

  /** Images that tasks read while the run is made. */
  Path chunks() {
    return hidden(CHUNKS);
  }

  /** Says who makes it. */
  Path owner() {
    return hidden(OWNER);
  }

  private Path hidden(String kind) {
    return new Path(output, "." + runId + kind);
  }

  Publication publication() {
    return Publication.on(files);
  }

  /** Where the run's files are until it is published. */
  Path building() {
    return publication() == Publication.RENAME ? staging() : target();
  }

  boolean published() throws IOException {
    return files.exists(new Path(target(), Manifest.NAME));
  }

  /** Whether the name is somebody's: a run's, or that of anything that was not made here. */
  boolean taken() throws IOException {
    return half() ? published() : files.exists(target());
  }

  /** Whether what is under the name may be a run that is not published yet. */
  boolean half() throws IOException {
    return publication() == Publication.MANIFEST
        && (files.exists(staging()) || files.exists(checkpoints()));
  }

  /** Whether an owner's death left work that {@code --resume} would spare. */
  boolean resumable() throws IOException {
    return RunCheckpoints.any(files, checkpoints());
  }

  /**
   * Refuses names of this run that somebody else may have planted.
   *
   * @throws IOException naming the link, or whose it is
   */
  void requireOwn() throws IOException {
    for (Path path :
        List.of(
            target(),
            owner(),
            checkpoints(),
            new Path(checkpoints(), PartFiles.NOTES),
            staging(),
            new Path(staging(), RunDirectory.ATTEMPTS),
            new Path(building(), TableEntry.EXPLANATIONS))) {
      Storage.requireOwn(files, path);
    }
  }

  /** Removes all that is left of a run that was not published. The claim is the caller's. */
  void removeUnpublished() throws IOException {
    requireOwn();
    if (half() && !published()) {
      files.delete(target(), true);
    }
    files.delete(chunks(), true);
    files.delete(checkpoints(), true);
    files.delete(staging(), true);
  }

  String name() {
    return Storage.name(target());
  }
}
