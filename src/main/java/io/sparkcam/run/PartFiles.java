package io.sparkcam.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.storage.Sha256;
import io.sparkcam.storage.Storage;
import io.sparkcam.table.ExplanationWriter;
import io.sparkcam.table.PartFile;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where tasks write parts of a table, each attempt its own file, and note those that are finished,
 * so that a process that takes over a dead one's run need not compute them again. Goes to the
 * executors.
 *
 * <p>A note is a JSON file: the part, what its rows add up to, and the origin of the table, which
 * says which model explained which images how. A part of another origin is never used, nor one
 * whose bytes are not those that the note was made of.
 */
public final class PartFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Directory of the notes. */
  static final String NOTES = "parts";

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final String directory;
  private final String process;
  private final String notes;
  private final String origin;
  private final HashMap<Integer, ArrayList<PartFile>> finished = new HashMap<>();
  private final HashMap<String, String> places = new HashMap<>();

  private PartFiles(String directory, String process, String notes, String origin) {
    this.directory = directory;
    this.process = process;
    this.notes = notes;
    this.origin = origin;
  }

  /** Of a process that nobody will take over: it notes nothing. */
  public static PartFiles in(Path directory) {
    return new PartFiles(directory.toString(), "", "", "");
  }

  /**
   * Of a run.
   *
   * @param process tells the names of this process's files from those of others
   * @param table where parts are once they are adopted
   */
  static PartFiles of(
      FileSystem files, Path directory, String process, Path notes, Path table, String origin)
      throws IOException {
    PartFiles attempts =
        new PartFiles(directory.toString(), process + "-", notes.toString(), origin);
    files.mkdirs(notes);
    for (FileStatus file : RunCheckpoints.list(files, notes)) {
      attempts.read(files, file.getPath(), table);
    }
    return attempts;
  }

  /** What a task says of a part that it finished. */
  @SuppressWarnings("ArrayRecordComponent") // notes are never compared
  private record Note(String origin, int partition, PartFile part, byte[] sums) {}

  private static Optional<Note> note(FileSystem files, Path file) throws IOException {
    try (var in = files.open(file)) {
      return Optional.of(JSON.readValue(in.readAllBytes(), Note.class))
          .filter(note -> note.sums() != null);
    } catch (JsonProcessingException e) {
      return Optional.empty(); // cut off when its process died: the part counts as unfinished
    }
  }

  private void read(FileSystem files, Path file, Path table) throws IOException {
    Optional<Note> read = note(files, file).filter(note -> note.origin().equals(origin));
    if (read.isEmpty()) {
      return;
    }
    Note note = read.get();
    Path attempt = new Path(directory, note.part().name());
    Path adopted = new Path(table, adoptedName(note.partition()));
    Path place = files.exists(attempt) ? attempt : adopted;
    if (files.exists(place)) {
      finished.computeIfAbsent(note.partition(), p -> new ArrayList<>()).add(note.part());
      places.put(note.part().name(), place.toString());
    }
  }

  /** The name of a part in its table. */
  static String adoptedName(int partition) {
    return String.format(Locale.ROOT, "part-%05d.parquet", partition);
  }

  /**
   * The file of one task attempt, for {@link ExplanationWriter#create}.
   *
   * @param partition of the table, from 0, in the order of the ids
   * @param attempt a number that no other attempt of the process has, as {@code
   *     TaskContext.taskAttemptId}
   */
  public Path file(int partition, long attempt) {
    return new Path(
        directory,
        String.format(Locale.ROOT, "part-%05d-%s%d.parquet", partition, process, attempt));
  }

  /** A part that another process finished, if there is one and its bytes are still the same. */
  public Optional<FinishedPart> finished(int partition, Configuration configuration)
      throws IOException {
    for (PartFile part : finished.getOrDefault(partition, new ArrayList<>())) {
      Path file = new Path(places.get(part.name()));
      FileSystem files = Storage.of(file, configuration);
      if (files.getFileStatus(file).getLen() == part.bytes()
          && Sha256.of(files, file, part.bytes()).equals(part.sha256())) {
        Optional<Note> note = note(files, note(part));
        if (note.isPresent()) {
          return note.map(read -> new FinishedPart(part, read.sums()));
        }
      }
    }
    return Optional.empty();
  }

  private Path note(PartFile part) {
    return new Path(notes, part.name().replaceFirst("\\.parquet$", ".json"));
  }

  /** Notes that a part is finished and closed. */
  public void finish(int partition, FinishedPart finished, Configuration configuration)
      throws IOException {
    if (!notes.isEmpty()) {
      Path note = note(finished.part());
      // Only where the directory still is, as with parts.
      try (var out = Storage.create(Storage.of(note, configuration), note)) {
        out.write(
            JSON.writeValueAsBytes(new Note(origin, partition, finished.part(), finished.sums())));
      }
    }
  }
}
