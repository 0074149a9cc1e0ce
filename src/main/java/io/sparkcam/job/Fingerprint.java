package io.sparkcam.job;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.config.Version;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.explain.FaithfulnessPlan;
import io.sparkcam.network.PixelScale;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.run.RunCheckpoints;
import io.sparkcam.storage.Sha256;
import io.sparkcam.training.TrainingPlan;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All that a result follows from, by names for people: two processes with equal origins make equal
 * bytes, and only of such a one may work be taken over.
 */
record Fingerprint(Map<String, String> entries) {
  private static final String TABLE = "table.json";
  private static final JsonMapper JSON = new JsonMapper();

  /** Of a trained model. */
  static Fingerprint ofTraining(
      Settings settings,
      TrainingPlan plan,
      TrainableNetwork model,
      Optional<float[]> initial,
      StoredPart stored,
      Optional<StoredPart> validation) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("SparkCAM", Version.number());
    entries.put("SHA-256 of the training images", stored.images().sha256());
    entries.put("SHA-256 of the training labels", stored.labels().sha256());
    validation.ifPresent(
        part -> {
          entries.put("SHA-256 of the validation images", part.images().sha256());
          entries.put("SHA-256 of the validation labels", part.labels().sha256());
        });
    Map<String, String> decided = plan.entries();
    decided.put(Setting.TRAIN_LIMIT.key(), String.valueOf(stored.count()));
    settings(entries, settings, Setting::determinesModel, decided);
    entries.put("network", model.description());
    initial.ifPresent(
        weights ->
            entries.put("SHA-256 of the initial weights", Sha256.of(FloatBytes.of(weights))));
    return new Fingerprint(entries);
  }

  /**
   * Of a table of explanations.
   *
   * @param modelSha256 of the model's file
   * @param pixels as the model wants them, where not from 0 to 1
   */
  static Fingerprint ofTable(
      Settings settings,
      String modelSha256,
      Optional<PixelScale> pixels,
      StoredPart stored,
      int partitions,
      FaithfulnessPlan faithfulness) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("SparkCAM", Version.number());
    entries.put("SHA-256 of the model", modelSha256);
    pixels.ifPresent(scale -> entries.put("pixels", scale.toString()));
    entries.put("SHA-256 of the test images", stored.images().sha256());
    entries.put("SHA-256 of the test labels", stored.labels().sha256());
    Map<String, String> decided = new LinkedHashMap<>();
    decided.put(Setting.TEST_LIMIT.key(), String.valueOf(stored.count()));
    decided.put(Setting.PARTITIONS.key(), String.valueOf(partitions));
    decided.put(
        Setting.FAITHFULNESS_SAMPLE.key(),
        faithfulness.measures() ? String.valueOf(faithfulness.sample()) : "none");
    settings(entries, settings, Setting::determinesTable, decided);
    if (faithfulness.measures()) {
      entries.put(Setting.SEED.flag(), String.valueOf(faithfulness.seed()));
    }
    return new Fingerprint(entries);
  }

  /**
   * Every setting that determines the result.
   *
   * @param decided by key, what those come to that are not written out
   */
  private static void settings(
      Map<String, String> entries,
      Settings settings,
      Predicate<Setting<?>> determining,
      Map<String, String> decided) {
    Map<String, String> given = settings.asMap();
    Setting.all().stream()
        .filter(determining)
        .map(Setting::key)
        .forEach(key -> entries.put("--" + key, decided.getOrDefault(key, given.get(key))));
  }

  /**
   * Notes a table's origin beside the checkpoints of its run, and goes on with no other.
   *
   * @throws IOException naming the first difference to what was noted before
   */
  void keepTo(RunCheckpoints checkpoints) throws IOException {
    Optional<byte[]> before = checkpoints.read(TABLE);
    if (before.isPresent()) {
      requireOf(JSON.readValue(before.get(), new TypeReference<Map<String, String>>() {}));
    } else {
      checkpoints.write(TABLE, JSON.writeValueAsBytes(entries));
    }
  }

  /**
   * Refuses a checkpoint of another origin.
   *
   * @throws IOException naming the first difference
   */
  void requireOf(Map<String, String> checkpoint) throws IOException {
    Set<String> names = new LinkedHashSet<>(entries.keySet());
    names.addAll(checkpoint.keySet());
    for (String name : names) {
      String here = entries.getOrDefault(name, "none");
      String made = checkpoint.getOrDefault(name, "none");
      if (!made.equals(here)) {
        throw new IOException(
            "%s is %s, but the checkpoint was made with %s".formatted(name, here, made));
      }
    }
  }

  /** In one line. */
  @Override
  public String toString() {
    return entries.toString();
  }
}
