package io.sparkcam.sink;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run on its way to {@code OUTPUT/RUN_ID}, where it appears whole or not at all: it is built in
 * the hidden {@code OUTPUT/.RUN_ID.staging}, and renamed once it is complete and checked. Lives on
 * the driver; one process at a time makes a run of one name ({@link Claim}).
 *
 * <p>Tasks write parts of the table into {@link #attempts()}, each attempt its own file; {@link
 * #adopt} keeps those of the tasks that the driver heard of and removes the directory, so that an
 * attempt that nobody waits for can neither leave anything behind nor create anything later.
 *
 * <p>On a file system whose rename of a directory is not atomic, as an object store's, neither is
 * publication; {@link Manifest#NAME} is then what tells a complete run.
 */
public final class RunDirectory implements Closeable {
  private static final Pattern ATTEMPT = Pattern.compile("part-(\\d{5,})-\\d+\\.parquet");

  private final FileSystem files;
  private final Path staging;
  private final Path target;
  private final Claim claim;
  private final List<ListedFile> written = new ArrayList<>();
  private boolean published;
  private boolean kept;

  private RunDirectory(FileSystem files, Path staging, Path target, Claim claim) {
    this.files = files;
    this.staging = staging;
    this.target = target;
    this.claim = claim;
  }

  /**
   * Begins a run: claims its name and makes its staging directory. What a dead process left under
   * it is removed.
   *
   * @param output the directory of all runs; created if need be
   * @param runId the run's name, a plain one
   * @throws IOException if the run exists or is being made, or if output cannot be written
   */
  public static RunDirectory begin(String output, String runId, Configuration configuration)
      throws IOException {
    if (!PlainName.is(runId)) {
      throw new IllegalArgumentException(
          "run id '" + runId + "', expected letters, digits, '.', '_' and '-', no '.' first");
    }
    Path parent = new Path(output);
    FileSystem files = Storage.of(parent, configuration);
    Path target = new Path(parent, runId);
    requireAbsent(files, target);
    Claim claim = claim(files, parent, runId);
    try {
      // Another process may have published it since, and given up its claim.
      requireAbsent(files, target);
      Path staging = new Path(parent, "." + runId + ".staging");
      files.delete(staging, true);
      RunDirectory run = new RunDirectory(files, staging, target, claim);
      run.makeDirectory(run.attempts());
      return run;
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  private static Claim claim(FileSystem files, Path parent, String runId) throws IOException {
    String output = Storage.name(parent);
    try {
      if (!files.mkdirs(parent)) {
        throw new IOException("directory cannot be created");
      }
    } catch (IOException e) {
      throw new IOException(output + ": cannot be written: " + e.getMessage(), e);
    }
    String place = Storage.name(new Path(parent, runId));
    Path file = new Path(parent, "." + runId + ".owner");
    try {
      return Claim.take(place, files, file);
    } catch (java.nio.file.FileSystemException
        | org.apache.hadoop.security.AccessControlException e) {
      throw new IOException(output + ": cannot be written: " + e, e);
    }
  }

  private static void requireAbsent(FileSystem files, Path target) throws IOException {
    if (files.exists(target)) {
      throw new IOException(
          Storage.name(target) + ": already exists, remove it or choose another run id");
    }
  }

  private void makeDirectory(Path directory) throws IOException {
    if (!files.mkdirs(directory)) {
      throw new IOException(Storage.name(directory) + ": directory cannot be created");
    }
  }

  /** Where tasks write parts: an address that is good on every executor. */
  public Path attempts() {
    return files.makeQualified(new Path(staging, "attempts"));
  }

  /**
   * The file of one task attempt, for {@link ExplanationWriter#create}.
   *
   * @param attempts {@link #attempts()}
   * @param partition of the table, from 0, in the order of the ids
   * @param attempt a number that no other attempt has, as {@code TaskContext.taskAttemptId}
   */
  public static Path attempt(Path attempts, int partition, long attempt) {
    return new Path(attempts, "part-%05d-%d.parquet".formatted(partition, attempt));
  }

  /**
   * Makes the table of these parts, as {@code explanations/part-00000.parquet} and so on, and
   * removes every other attempt. Once in a run.
   *
   * @param successful one for every partition, as the tasks returned them
   * @return the same under their names in the table, in order
   */
  public List<PartFile> adopt(List<PartFile> successful) throws IOException {
    List<PartFile> parts = new ArrayList<>(successful);
    parts.sort(Comparator.comparingInt(RunDirectory::partition));
    Path table = table();
    makeDirectory(table);
    long nextId = 0;
    for (int i = 0; i < parts.size(); i++) {
      PartFile part = parts.get(i);
      if (partition(part) != i) {
        throw new IllegalArgumentException(
            part.name() + ": part " + partition(part) + ", expected part " + i);
      }
      if (part.rows() > 0 && part.firstId() < nextId) {
        throw new IllegalArgumentException(
            part.name() + ": first id " + part.firstId() + ", expected at least " + nextId);
      }
      nextId = Math.max(nextId, part.lastId() + 1);
      Path attempt = new Path(attempts(), part.name());
      PartFile named = part.named("part-%05d.parquet".formatted(i));
      rename(attempt, new Path(table, named.name()));
      parts.set(i, named);
    }
    files.delete(attempts(), true);
    return List.copyOf(parts);
  }

  /** Where {@link #adopt} leaves the table: an address that is good on every executor. */
  public Path table() {
    return files.makeQualified(new Path(staging, TableEntry.EXPLANATIONS));
  }

  private static int partition(PartFile part) {
    Matcher name = ATTEMPT.matcher(part.name());
    if (!name.matches()) {
      throw new IllegalArgumentException(
          part.name() + ", expected a name such as part-00000-7.parquet");
    }
    return Integer.parseInt(name.group(1));
  }

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes one of the run's other files.
   *
   * @param name relative to the run, directories separated by slashes
   */
  public ListedFile write(String name, Content content) throws IOException {
    requireOwnName(name);
    Path file = new Path(staging, name);
    makeDirectory(file.getParent());
    DigestStream out = new DigestStream(files.createFile(file).overwrite(false).build());
    try (out) {
      content.writeTo(out);
    }
    ListedFile listed = new ListedFile(name, out.getPos(), out.digest());
    written.add(listed);
    return listed;
  }

  private static void requireOwnName(String name) {
    String top = name.split("/", 2)[0];
    if (!PlainName.isPath(name)
        || name.equals(Manifest.NAME)
        || TableEntry.EXPLANATIONS.equals(top)
        || "attempts".equals(top)) {
      throw new IllegalArgumentException(
          "file '" + name + "' of a run, expected a plain relative name that is not taken");
    }
  }

  /** What {@link #write} has written, by name: for the manifest. */
  public List<ListedFile> files() {
    return written.stream().sorted(Comparator.comparing(ListedFile::name)).toList();
  }

  /** What is done before a run gets its name. */
  @FunctionalInterface
  public interface Verification {
    /**
     * Reads the run again.
     *
     * @throws IOException if it is not to be published
     */
    void verify(Path run) throws IOException;
  }

  /**
   * Writes the manifest, has the run verified, and gives it its name.
   *
   * @return where it is
   */
  public Path publish(Manifest manifest, Verification verification) throws IOException {
    files.delete(attempts(), true);
    Path file = new Path(staging, Manifest.NAME);
    try (OutputStream out = files.createFile(file).overwrite(false).build()) {
      manifest.write(out);
    }
    verification.verify(files.makeQualified(staging));
    rename(staging, target);
    published = true;
    return target;
  }

  /**
   * Renames to a name that is free. Hadoop's file systems differ in what they do with one that is
   * not: into an existing directory they move.
   */
  private void rename(Path from, Path to) throws IOException {
    requireAbsent(files, to);
    if (!files.rename(from, to)) {
      throw new IOException(
          "%s: cannot be renamed to %s".formatted(Storage.name(from), Storage.name(to)));
    }
    Path inside = new Path(to, from.getName());
    if (files.exists(inside)) {
      files.delete(inside, true);
      requireAbsent(files, to);
    }
  }

  /** Has {@link #close} leave the staging directory of a run that was not published. */
  public void keepUnpublished() {
    kept = true;
  }

  /** Removes what was not published and gives up the name. */
  @Override
  public void close() throws IOException {
    try {
      if (!published && !kept) {
        files.delete(staging, true);
      }
    } finally {
      claim.close();
    }
  }
}
