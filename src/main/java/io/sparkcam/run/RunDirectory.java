package io.sparkcam.run;

import io.sparkcam.storage.DigestStream;
import io.sparkcam.storage.PlainName;
import io.sparkcam.storage.Publication;
import io.sparkcam.storage.Storage;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.TableEntry;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run on its way to {@code OUTPUT/RUN_ID}, where it appears whole or not at all: {@link
 * Publication} says how. Lives on the driver; one process at a time makes a run of one name ({@link
 * RunLock}), and another can take over when it has died.
 *
 * <p>Tasks write parts of the table into {@link #attempts()}, each attempt its own file; {@link
 * #adopt} keeps those of the tasks that the driver heard of and removes the directory, so that an
 * attempt that nobody waits for can neither leave anything behind nor create anything later.
 */
public final class RunDirectory implements Closeable {
  private static final Pattern ATTEMPT = Pattern.compile("part-(\\d{5,})(-\\d+)+\\.parquet");
  static final String ATTEMPTS = "attempts";
  private static final int MOST_OF_A_NAME = 100;

  private final RunPlace place;
  private final FileSystem files;
  private final Path building;
  private final RunLock claim;
  private final List<ListedFile> written = new ArrayList<>();
  private Optional<PrivateKey> signer = Optional.empty();
  private boolean published;

  private RunDirectory(RunPlace place, RunLock claim) {
    this.place = place;
    this.files = place.files();
    this.building = place.building();
    this.claim = claim;
  }

  /**
   * Begins a run: claims its name and makes its directories. What a dead process left under it is
   * removed.
   *
   * @param output the directory of all runs; created if need be
   * @param runId the run's name, a plain one
   * @throws IOException if the run exists or is being made, or if output cannot be written
   */
  public static RunDirectory begin(String output, String runId, Configuration configuration)
      throws IOException {
    RunPlace place = RunPlace.of(output, runId, configuration);
    return claimed(place, place::removeUnpublished);
  }

  /**
   * Begins a run whose name is a matter of indifference.
   *
   * @param wanted its name, or the start of it where that is taken
   */
  public static RunDirectory beginUnnamed(String output, String wanted, Configuration configuration)
      throws IOException {
    for (int n = 1; ; n++) {
      try {
        return begin(output, n == 1 ? wanted : wanted + "-" + n, configuration);
      } catch (NameTakenException e) {
        if (n == MOST_OF_A_NAME) {
          throw e;
        }
      }
    }
  }

  /**
   * Takes over what a dead process began: keeps its checkpoints and what it finished of the table,
   * and removes the rest. Where nothing is left it begins anew.
   *
   * @throws IOException as {@link #begin}, and if the run is published
   */
  public static RunDirectory resume(String output, String runId, Configuration configuration)
      throws IOException {
    RunPlace place = RunPlace.of(output, runId, configuration);
    if (place.published()) {
      throw new IOException(place.name() + ": is already published, there is nothing to resume");
    }
    return claimed(place, () -> removeUnfinished(place));
  }

  /** What is done about what is there already. */
  @FunctionalInterface
  private interface Preparation {
    void prepare() throws IOException;
  }

  private static RunDirectory claimed(RunPlace place, Preparation preparation) throws IOException {
    place.requireOwn();
    requireFree(place);
    RunLock claim = claim(place);
    try {
      // Another process may have published it since, and given up its claim.
      requireFree(place);
      place.requireOwn();
      preparation.prepare();
      RunDirectory run = new RunDirectory(place, claim);
      run.makeDirectory(run.attempts());
      return run;
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  /** Other files than the table's are quickly made again, and must not be there then. */
  private static void removeUnfinished(RunPlace place) throws IOException {
    for (Path directory : List.of(place.staging(), place.building())) {
      for (FileStatus file : RunCheckpoints.list(place.files(), directory)) {
        String name = file.getPath().getName();
        if (!name.equals(TableEntry.EXPLANATIONS) && !name.equals(ATTEMPTS)) {
          place.files().delete(file.getPath(), true);
        }
      }
    }
  }

  private static RunLock claim(RunPlace place) throws IOException {
    String output = Storage.name(place.output());
    try {
      if (!place.files().mkdirs(place.output())) {
        throw new IOException("directory cannot be created");
      }
    } catch (IOException e) {
      throw new IOException(output + ": cannot be written: " + e.getMessage(), e);
    }
    try {
      return RunLock.take(place.name(), place.files(), place.owner());
    } catch (java.nio.file.FileSystemException
        | org.apache.hadoop.security.AccessControlException e) {
      throw new IOException(output + ": cannot be written: " + e, e);
    }
  }

  private static void requireFree(RunPlace place) throws IOException {
    if (place.taken()) {
      throw exists(place.target());
    }
  }

  private static IOException exists(Path path) {
    return new NameTakenException(
        Storage.name(path) + ": already exists, remove it or choose another run id");
  }

  private void makeDirectory(Path directory) throws IOException {
    if (!files.mkdirs(directory)) {
      throw new IOException(Storage.name(directory) + ": directory cannot be created");
    }
  }

  /** Its name. */
  public String runId() {
    return place.runId();
  }

  /** What a process that takes over this run goes on from. Gone when the run is published. */
  public RunCheckpoints checkpoints() {
    return new RunCheckpoints(files, place.checkpoints());
  }

  /** Whether a process that takes over would find work done. */
  public boolean resumable() throws IOException {
    return place.resumable();
  }

  /** Where tasks write parts: an address that is good on every executor. */
  public Path attempts() {
    return files.makeQualified(new Path(place.staging(), ATTEMPTS));
  }

  /**
   * Makes a file that a task wrote into {@link #attempts()} one of the run's.
   *
   * @param named its name in the run, its length and its SHA-256
   */
  public void adopt(Path attempt, ListedFile named) throws IOException {
    requireOwnName(named.name());
    Path file = new Path(building, named.name());
    makeDirectory(file.getParent());
    rename(attempt, file);
    written.add(named);
  }

  /** A directory for images that tasks read while the run is made: good on every executor. */
  public Path chunks() throws IOException {
    files.delete(place.chunks(), true);
    makeDirectory(place.chunks());
    return files.makeQualified(place.chunks());
  }

  /**
   * Where tasks write parts and find those that are finished.
   *
   * @param origin all that the table's bytes follow from
   */
  public PartFiles attempts(String origin) throws IOException {
    return PartFiles.of(
        files,
        attempts(),
        String.valueOf(System.currentTimeMillis()),
        files.makeQualified(checkpoints().notes()),
        table(),
        origin);
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
      PartFile named = part.named(PartFiles.adoptedName(i));
      adopt(new Path(attempts(), part.name()), new Path(table, named.name()));
      parts.set(i, named);
    }
    removeOthers(table, parts);
    files.delete(attempts(), true);
    return List.copyOf(parts);
  }

  /** A part that was adopted by a process that died is in its place already. */
  private void adopt(Path attempt, Path place) throws IOException {
    if (files.exists(attempt)) {
      files.delete(place, false);
      rename(attempt, place);
    } else if (!files.exists(place)) {
      throw new IOException(Storage.name(attempt) + ": not found");
    }
  }

  private void removeOthers(Path table, List<PartFile> parts) throws IOException {
    Set<String> names = parts.stream().map(PartFile::name).collect(Collectors.toSet());
    for (FileStatus file : files.listStatus(table)) {
      if (!names.contains(file.getPath().getName())) {
        files.delete(file.getPath(), true);
      }
    }
  }

  /** Where the files are until the run is published: an address that is good on every executor. */
  public Path building() {
    return files.makeQualified(building);
  }

  /** Where {@link #adopt} leaves the table: an address that is good on every executor. */
  public Path table() {
    return files.makeQualified(new Path(building, TableEntry.EXPLANATIONS));
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
    Path file = new Path(building, name);
    makeDirectory(file.getParent());
    DigestStream out = new DigestStream(Storage.create(files, file));
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
        || name.equals(ManifestSignature.NAME)
        || TableEntry.EXPLANATIONS.equals(top)
        || ATTEMPTS.equals(top)) {
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
     * @param run where its files are
     * @param manifest what they should be
     * @throws IOException if it is not to be published
     */
    void verify(Path run, Manifest manifest) throws IOException;
  }

  /** Has the manifest signed when it is written. */
  public void sign(PrivateKey key) {
    signer = Optional.of(key);
  }

  /**
   * Has the run verified, and gives it its name and its manifest.
   *
   * @return where it is
   */
  public Path publish(Manifest manifest, Verification verification) throws IOException {
    files.delete(attempts(), true);
    Path verified = files.makeQualified(building);
    if (place.publication() == Publication.RENAME) {
      write(manifest);
      verification.verify(verified, manifest);
      Storage.syncTree(files, building);
      rename(building, place.target());
      Storage.syncName(files, place.target());
    } else {
      verification.verify(verified, manifest);
      write(manifest);
    }
    published = true;
    return place.target();
  }

  private void write(Manifest manifest) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    manifest.write(content);
    if (signer.isPresent()) {
      byte[] signature = ManifestSignature.of(content.toByteArray(), signer.get());
      create(ManifestSignature.NAME, signature);
    }
    create(Manifest.NAME, content.toByteArray());
  }

  private void create(String name, byte[] content) throws IOException {
    try (OutputStream out = Storage.create(files, new Path(building, name))) {
      out.write(content);
    }
  }

  /**
   * Renames to a name that is free. Hadoop's file systems differ in what they do with one that is
   * not: into an existing directory they move.
   */
  private void rename(Path from, Path to) throws IOException {
    if (files.exists(to)) {
      throw exists(to);
    }
    if (!files.rename(from, to)) {
      throw new IOException(
          "%s: cannot be renamed to %s".formatted(Storage.name(from), Storage.name(to)));
    }
    Path inside = new Path(to, from.getName());
    if (files.exists(inside)) {
      files.delete(inside, true);
      throw exists(to);
    }
  }

  /**
   * Gives up the name. Of a run that was not published nothing is left, unless there is something
   * to resume it from.
   */
  @Override
  public void close() throws IOException {
    try {
      files.delete(place.chunks(), true);
      if (published) {
        files.delete(place.checkpoints(), true);
        files.delete(place.staging(), true);
      } else if (!place.resumable()) {
        place.removeUnpublished();
      }
    } finally {
      claim.close();
    }
  }
}
