package io.sparkcam.job;

import io.sparkcam.aggregate.ExplanationSums;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.config.Version;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.run.ListedFile;
import io.sparkcam.run.Manifest;
import io.sparkcam.run.RunOrigin;
import io.sparkcam.table.TableEntry;
import io.sparkcam.training.EpochRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Collects what the manifest of a run says, while the run is made. */
final class ManifestBuilder {
  private final Settings settings;
  private int workers;
  private final String sparkVersion;
  private final List<RunOrigin.Input> inputs = new ArrayList<>();
  private final Map<String, Double> metrics = new LinkedHashMap<>();
  private final List<TableEntry> tables = new ArrayList<>();
  private List<String> classNames = List.of();
  private String modelSha256 = "";
  private String engine;
  private int channels;

  ManifestBuilder(Settings settings, int workers, String sparkVersion) {
    this.settings = settings;
    this.workers = workers;
    this.sparkVersion = sparkVersion;
    this.engine = settings.get(Setting.ENGINE).description();
  }

  void input(Part part, StoredPart stored) {
    channels = stored.index().shape().channels();
    String prefix = part.label() + "_";
    metric(prefix + "records", (double) stored.sourceCount());
    metric(prefix + "records_good", (double) (stored.sourceCount() - stored.bad()));
    metric(prefix + "records_bad", (double) stored.bad());
    if (!stored.tables().isEmpty()) {
      long ignored = stored.ignored().values().stream().mapToLong(Long::longValue).sum();
      metric(prefix + "records_unread", (double) stored.unread());
      metric(prefix + "files_ignored", (double) ignored);
    }
    inputs.add(
        new RunOrigin.Input(
            stored.images().name(), stored.images().sha256(), stored.sourceCount()));
    inputs.add(
        new RunOrigin.Input(
            stored.labels().name(), stored.labels().sha256(), stored.sourceCount()));
  }

  /** Of the training, where they are other than the cluster's task slots. */
  void workers(int count) {
    workers = count;
  }

  void classNames(ClassNames names) {
    classNames = names.names();
  }

  /** The model's classes are taken to be the data's, in their order. */
  void classNamesAssumed() {
    metric("class_names_assumed", 1);
  }

  void model(ListedFile file) {
    modelSha256 = file.sha256();
  }

  /** What computes the model, where that is not what the settings say. */
  void engine(String description) {
    engine = description;
  }

  String modelSha256() {
    return modelSha256;
  }

  /** Maps that are the same everywhere: there is nothing to see on them. */
  void flatMaps(long count) {
    metric("flat_maps", (double) count);
  }

  void epochs(List<EpochRecord> epochs) {
    EpochRecord last = epochs.get(epochs.size() - 1);
    metric("loss", last.loss());
    metric("accuracy", last.accuracy());
    metric("val_loss", last.valLoss());
    metric("val_accuracy", last.valAccuracy());
  }

  void evaluation(ExplanationSums test) {
    metric("test_loss", test.loss());
    metric("test_accuracy", test.accuracy());
  }

  /** Of images that may have several labels. */
  void labels(ExplanationSums test) {
    metric("test_micro_f1", test.microF1());
  }

  void table(TableEntry table) {
    tables.add(table);
  }

  Manifest manifest(List<ListedFile> files) {
    return new Manifest(
        Manifest.FORMAT,
        settings.runId(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        new RunOrigin(
            inputs,
            classNames,
            modelSha256,
            settings.asMap(),
            settings.get(Setting.SEED),
            workers,
            channels,
            versions()),
        metrics,
        tables,
        files);
  }

  /** What a run does not have, such as validation without held-out images, is no metric. */
  private void metric(String name, double value) {
    if (Double.isFinite(value)) {
      metrics.put(name, value);
    }
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("sparkcam", Version.number());
    versions.put("spark", sparkVersion);
    versions.put("dl4j", dl4jVersion());
    versions.put("engine", engine);
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  /** As DL4J's jar says: its manifest leaves the version out. */
  private static String dl4jVersion() {
    Properties build = new Properties();
    try (InputStream in =
        MultiLayerNetwork.class.getResourceAsStream(
            "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version", "unknown");
  }
}
