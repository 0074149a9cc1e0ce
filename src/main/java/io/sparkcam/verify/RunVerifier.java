package io.sparkcam.verify;

import io.sparkcam.run.ListedFile;
import io.sparkcam.run.Manifest;
import io.sparkcam.run.ManifestSignature;
import io.sparkcam.storage.Storage;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.TableEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads a published run again, on the executors: its files against the manifest, then its table:
 * every row against what the columns promise of each other. A table whose files are not those that
 * were published is not read.
 */
public final class RunVerifier {
  private final JavaSparkContext sc;
  private final SerializableConfiguration configuration;

  /** Verifies with this context's executors and Hadoop configuration. */
  public RunVerifier(JavaSparkContext sc) {
    this.sc = sc;
    configuration = new SerializableConfiguration(sc.hadoopConfiguration());
  }

  /**
   * Checks the run at {@code run}.
   *
   * @return what each check found that could be made
   * @throws IOException if there is no run, none with a manifest that can be read, or if its table
   *     cannot be read though its files are those that were published
   */
  public VerificationReport verify(Path run) throws IOException {
    String name = Storage.name(run);
    FileSystem files = Storage.of(run, configuration.value());
    if (!files.exists(run)) {
      throw new IOException(name + ": not found, expected a published run");
    }
    return verify(run, Manifest.read(files.makeQualified(run), configuration.value()));
  }

  /**
   * Checks a run that has its manifest not yet.
   *
   * @param run where its files are
   * @throws IOException if its table cannot be read though its files are those that are listed
   */
  public VerificationReport verify(Path run, Manifest manifest) throws IOException {
    FileSystem files = Storage.of(run, configuration.value());
    Path place = files.makeQualified(run);
    CheckResults tally = checkFiles(files, place, manifest);
    if (!tally.failed(Check.FILES)) {
      for (TableEntry table : manifest.tables()) {
        checkTable(place, manifest, table, tally);
      }
    }
    return new VerificationReport(Storage.name(run), tally.results());
  }

  private CheckResults checkFiles(FileSystem files, Path run, Manifest manifest)
      throws IOException {
    List<FileCheck.Listed> listed = listed(manifest);
    CheckResults tally = distributed(listed, new FileCheck(run, configuration));
    Set<String> unlisted = names(files, run);
    unlisted.remove(Manifest.NAME);
    unlisted.remove(ManifestSignature.NAME);
    listed.forEach(file -> unlisted.remove(file.name()));
    for (String name : unlisted) {
      tally.fail(Check.FILES, 0, name + ": not in " + Manifest.NAME);
    }
    return tally;
  }

  private static List<FileCheck.Listed> listed(Manifest manifest) {
    List<FileCheck.Listed> listed = new ArrayList<>();
    for (TableEntry table : manifest.tables()) {
      for (PartFile part : table.parts()) {
        listed.add(new FileCheck.Listed(table.path(part), part.bytes(), part.sha256()));
      }
    }
    for (ListedFile file : manifest.files()) {
      listed.add(new FileCheck.Listed(file.name(), file.bytes(), file.sha256()));
    }
    return listed;
  }

  private static Set<String> names(FileSystem files, Path run) throws IOException {
    Set<String> names = new TreeSet<>();
    var found = files.listFiles(run, true);
    while (found.hasNext()) {
      names.add(run.toUri().relativize(found.next().getPath().toUri()).getPath());
    }
    return names;
  }

  private void checkTable(Path run, Manifest manifest, TableEntry table, CheckResults tally)
      throws IOException {
    checkEntry(table, tally);
    Path directory = new Path(run, table.name());
    tally.add(
        distributed(
            table.parts(),
            new FooterCheck(directory, table.schema().message().toString(), configuration)));
    if (tally.failed(Check.SCHEMA) || table.rows() == 0) {
      return;
    }
    try {
      tally.add(RowScan.check(sc, directory, table, threshold(manifest), configuration));
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare.
      throw new IOException(Storage.name(directory) + ": cannot be read: " + innermost(e), e);
    }
  }

  /** Above which classes are {@code predicted_labels}; not a number where the run says none. */
  private static double threshold(Manifest manifest) {
    String given = manifest.origin().settings().getOrDefault("threshold", "");
    return given.matches("\\d*\\.?\\d+([eE]-?\\d+)?") ? Double.parseDouble(given) : Double.NaN;
  }

  private static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  /** What the manifest says of a table, in itself. */
  private static void checkEntry(TableEntry table, CheckResults tally) {
    tally.examine(Check.SCHEMA);
    List<TableEntry.ColumnEntry> expected = TableEntry.columns(table.schema());
    if (!table.columns().equals(expected)) {
      tally.fail(
          Check.SCHEMA,
          0,
          "%s: columns of %s: %s, expected %s"
              .formatted(Manifest.NAME, table.name(), table.columns(), expected));
    }
    long next = 0;
    for (PartFile part : table.parts()) {
      if (part.rows() > 0 && (part.firstId() != next || part.lastId() != next + part.rows() - 1)) {
        tally.fail(
            Check.SCHEMA,
            0,
            "%s: %s: ids %s to %s, expected %s to %s"
                .formatted(
                    Manifest.NAME,
                    part.name(),
                    part.firstId(),
                    part.lastId(),
                    next,
                    next + part.rows() - 1));
      }
      next += part.rows();
    }
    if (table.rows() != next) {
      tally.fail(
          Check.SCHEMA,
          0,
          "%s: %s rows in %s, expected %s as in its parts"
              .formatted(Manifest.NAME, table.rows(), table.name(), next));
    }
  }

  private <T> CheckResults distributed(List<T> items, Function<T, CheckResults> check) {
    int slices = Math.max(1, Math.min(items.size(), 4 * sc.defaultParallelism()));
    return sc.parallelize(items, slices).map(check).fold(new CheckResults(), CheckResults::add);
  }
}
