package io.sparkcam.run;

import io.sparkcam.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The hidden directory {@code OUTPUT/.RUN_ID.checkpoints} of a run that is not published yet: the
 * last two checkpoints of its training, a note for every part of its table that is finished ({@link
 * PartFiles}), and whatever else a resumed run must know. Each file appears whole or not at all.
 */
public final class RunCheckpoints {
  private static final String SUFFIX = ".checkpoint";
  private static final String DAMAGED = ".damaged";
  private static final int KEPT = 2;

  private final FileSystem files;
  private final Path directory;

  RunCheckpoints(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /** Of a run, whoever makes it: to look at. */
  public static RunCheckpoints of(String output, String runId, Configuration configuration)
      throws IOException {
    RunPlace place = RunPlace.of(output, runId, configuration);
    return new RunCheckpoints(place.files(), place.checkpoints());
  }

  /** Makes a checkpoint of a file's bytes. */
  @FunctionalInterface
  public interface Decoder<T> {
    /**
     * Reads one.
     *
     * @throws IOException if it is damaged
     */
    T decode(byte[] bytes, String name) throws IOException;
  }

  /**
   * Keeps a checkpoint, and the one before it.
   *
   * @param name sorts after those of earlier ones
   */
  public void keep(String name, byte[] bytes) throws IOException {
    write(name + SUFFIX, bytes);
    List<Path> all = checkpoints();
    for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
      files.delete(old, false);
    }
  }

  /**
   * The last checkpoint that is not damaged; those that are, are set aside under names that end in
   * {@code .damaged}.
   *
   * @param warning hears of them
   */
  public <T> Optional<T> newest(Decoder<T> decoder, Consumer<String> warning) throws IOException {
    List<Path> all = checkpoints();
    for (int i = all.size() - 1; i >= 0; i--) {
      Path file = all.get(i);
      byte[] bytes = read(file);
      try {
        return Optional.of(decoder.decode(bytes, Storage.name(file)));
      } catch (IOException e) {
        warning.accept(e.getMessage() + "; set aside as " + file.getName() + DAMAGED);
        Path aside = file.suffix(DAMAGED);
        files.delete(aside, false);
        files.rename(file, aside);
      }
    }
    return Optional.empty();
  }

  /** Writes another file. */
  public void write(String name, byte[] bytes) throws IOException {
    files.mkdirs(directory);
    Storage.writeWhole(files, new Path(directory, name), bytes);
  }

  /** Reads another file; empty where there is none. */
  public Optional<byte[]> read(String name) throws IOException {
    try {
      return Optional.of(read(new Path(directory, name)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private byte[] read(Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return in.readAllBytes();
    }
  }

  /** Where it is, as people write it. */
  public String name() {
    return Storage.name(directory);
  }

  /** Where tasks note which parts they finished. */
  Path notes() {
    return new Path(directory, PartFiles.NOTES);
  }

  /** Whether there is anything that spares work. */
  static boolean any(FileSystem files, Path directory) throws IOException {
    RunCheckpoints kept = new RunCheckpoints(files, directory);
    return !kept.checkpoints().isEmpty() || list(files, kept.notes()).length > 0;
  }

  private List<Path> checkpoints() throws IOException {
    List<Path> found = new ArrayList<>();
    for (FileStatus file : list(files, directory)) {
      if (file.getPath().getName().endsWith(SUFFIX)) {
        found.add(file.getPath());
      }
    }
    found.sort(Comparator.comparing(Path::getName));
    return found;
  }

  /** What is in a directory; nothing where there is none. */
  static FileStatus[] list(FileSystem files, Path directory) throws IOException {
    try {
      return files.listStatus(directory);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }
}
