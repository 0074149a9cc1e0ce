package io.sparkcam.run;

import io.sparkcam.storage.PlainName;
import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What lies in an output directory of one run besides what it published: it is being made, or its
 * process ended before it was done.
 */
public final class UnpublishedRun {
  private static final Pattern HIDDEN =
      Pattern.compile(
          "\\.(?<run>%s)(?:\\%s|\\%s|\\%s|\\%s(?:-dead-[0-9a-f-]+)?)"
              .formatted(
                  PlainName.PATTERN.pattern(),
                  RunPlace.STAGING,
                  RunPlace.CHECKPOINTS,
                  RunPlace.CHUNKS,
                  RunPlace.OWNER));

  /** What can be said of it. */
  public enum State {
    /** Its process is at work, as far as can be told. */
    BEING_MADE,
    /** Its process ended, and left something to resume from. */
    RESUMABLE,
    /** Its process ended, and left nothing of use. */
    DEAD
  }

  /**
   * A file or directory of it.
   *
   * @param bytes of all files in it
   * @param modified when one of them was last
   */
  public record Entry(String name, long bytes, Instant modified) {}

  private final RunPlace place;
  private final State state;
  private final String holder;
  private final List<Path> paths;
  private final List<Entry> entries;

  private UnpublishedRun(RunPlace place, List<Path> found) throws IOException {
    this.place = place;
    Optional<String> alive = RunLock.holder(place.files(), place.owner());
    holder = alive.orElse("");
    if (alive.isPresent()) {
      state = State.BEING_MADE;
    } else {
      state = !place.published() && place.resumable() ? State.RESUMABLE : State.DEAD;
    }
    paths = new ArrayList<>(found);
    if (place.half() && place.files().exists(place.target()) && !place.published()) {
      paths.add(place.target());
    }
    entries = new ArrayList<>();
    for (Path path : paths) {
      Storage.Extent extent = Storage.extent(place.files(), path);
      if (extent.modified() > 0) {
        Instant modified = Instant.ofEpochMilli(extent.modified());
        entries.add(new Entry(path.getName(), extent.bytes(), modified));
      }
    }
  }

  /** All that is left in an output directory, by the runs' names. */
  public static List<UnpublishedRun> under(String output, Configuration configuration)
      throws IOException {
    Path directory = Storage.path(output);
    FileSystem files = Storage.of(directory, configuration);
    TreeMap<String, List<Path>> found = new TreeMap<>();
    for (FileStatus file : RunCheckpoints.list(files, directory)) {
      Matcher name = HIDDEN.matcher(file.getPath().getName());
      if (name.matches()) {
        found.computeIfAbsent(name.group("run"), run -> new ArrayList<>()).add(file.getPath());
      }
    }
    List<UnpublishedRun> runs = new ArrayList<>();
    for (var run : found.entrySet()) {
      RunPlace place = RunPlace.of(output, run.getKey(), configuration);
      run.getValue().sort(null);
      UnpublishedRun left = new UnpublishedRun(place, run.getValue());
      if (!left.entries.isEmpty()) {
        runs.add(left);
      }
    }
    return runs;
  }

  /** The run's name. */
  public String runId() {
    return place.runId();
  }

  public State state() {
    return state;
  }

  /** Who makes it; empty when nobody does. */
  public String holder() {
    return holder;
  }

  /** Whether a run of this name is published, of which this is no part. */
  public boolean published() throws IOException {
    return place.published();
  }

  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** When anything of it was last written. */
  public Instant modified() {
    return entries.stream().map(Entry::modified).max(Instant::compareTo).orElse(Instant.EPOCH);
  }

  /**
   * Removes it, but nothing that was published.
   *
   * @throws IOException if a process makes the run
   */
  public void remove() throws IOException {
    RunLock claim = RunLock.take(place.name(), place.files(), place.owner());
    try {
      place.removeUnpublished();
      for (Path path : paths) {
        if (path.getName().startsWith("." + runId() + RunPlace.OWNER + "-dead-")) {
          place.files().delete(path, false);
        }
      }
    } finally {
      claim.close();
    }
  }
}
