package io.sparkcam.view;

import io.sparkcam.config.Setting;
import io.sparkcam.config.UsageException;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.ingest.SourceTables;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.inputs.ExplainableModel;
import io.sparkcam.inputs.ModelFile;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.ModelOptions.FeatureLayer;
import io.sparkcam.run.ListedFile;
import io.sparkcam.run.Manifest;
import io.sparkcam.run.RunOrigin;
import io.sparkcam.table.RunTable;
import io.sparkcam.table.TableEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run that was published, or is complete but for its manifest, to look at without Spark.
 *
 * @param directory as it was named
 * @param entry of its table of explanations
 */
public record PublishedRun(
    Path directory, Manifest manifest, TableEntry entry, Configuration configuration) {

  /** Reads what the run says of itself. */
  public static PublishedRun open(Path directory, Configuration configuration) throws IOException {
    FileSystem files = directory.getFileSystem(configuration);
    if (!files.exists(directory)) {
      throw new IOException(directory + ": there is no such run");
    }
    if (!files.exists(new Path(directory, Manifest.NAME))) {
      throw new IOException(directory + ": not a published run: it has no " + Manifest.NAME);
    }
    Manifest manifest = Manifest.read(directory, configuration);
    TableEntry entry =
        manifest
            .explanations()
            .orElseThrow(
                () ->
                    new IOException(
                        directory + ": this run trained a model and explained no images"));
    return new PublishedRun(directory, manifest, entry, configuration);
  }

  RunTable table() {
    return new RunTable(directory, entry, configuration);
  }

  /** Its model. Takes longer than all else that is read of a run. */
  ExplainableModel model() throws IOException {
    RunOrigin origin = manifest.origin();
    Optional<String> layer = Optional.ofNullable(origin.settings().get(Setting.LAYER.key()));
    return ModelFile.read(
        directory.toString(),
        new ImageShape(shape().height(), shape().width(), origin.channels()),
        shape().method().method().addsUp()
            ? ModelOptions.NONE
            : ModelOptions.NONE.with(
                Optional.of(new FeatureLayer(layer.filter(name -> !name.isEmpty())))),
        configuration);
  }

  ExplanationShape shape() {
    return entry.shape();
  }

  /** The tables of what its test images are; none of IDX. */
  List<Path> sources() {
    return SourceTables.ofTest(manifest.files().stream().map(ListedFile::name).toList()).stream()
        .map(name -> new Path(directory, name))
        .toList();
  }

  /** The name of a class; its number where classes have none. */
  String className(int number) {
    List<String> names = manifest.origin().classNames();
    return names.isEmpty() ? Integer.toString(number) : names.get(number);
  }

  void requireImage(int index) {
    if (index >= entry.rows()) {
      throw new UsageException(
          "%s %s: out of range, this run has images 0 to %s"
              .formatted(ViewOptions.INDEX, index, entry.rows() - 1));
    }
  }

  void requireClass(int number) {
    if (number >= shape().classes()) {
      throw new UsageException(
          "%s %s: out of range, this run has classes 0 to %s"
              .formatted(ViewOptions.CLASS, number, shape().classes() - 1));
    }
  }

  /** Where the picture goes that was asked for as {@code file}, or as nothing in particular. */
  OutputFile pictureFile(String file, String subject) throws IOException {
    return OutputFile.of(file, directory, subject + ".png", configuration);
  }

  /** Where the page goes that was asked for as {@code file}, or as nothing in particular. */
  public OutputFile differenceFile(String file, PublishedRun other) throws IOException {
    return OutputFile.of(
        file, directory, "diff-" + other.manifest().runId() + ".html", configuration);
  }

  /** Where the report goes that was asked for as {@code file}, or as nothing in particular. */
  public OutputFile reportFile(String file) throws IOException {
    return OutputFile.of(file, directory, "report.html", configuration);
  }
}
