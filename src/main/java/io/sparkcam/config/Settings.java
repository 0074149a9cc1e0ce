package io.sparkcam.config;

import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.image.DecodeSettings.Resize;
import io.sparkcam.data.ingest.BadRecords;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.training.Recipe;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Everything that can be set about a run, checked and typed. For each setting the first of these
 * that has it counts:
 *
 * <ol>
 *   <li>the flag on the command line,
 *   <li>the file that {@code --config} names,
 *   <li>{@code conf/sparkcam.properties} (see {@link ConfigFile#ofInstallation}),
 *   <li>the built-in value, which is the one that file is delivered with.
 * </ol>
 *
 * Settings never leave the driver, which is why they are not serializable: a task is handed the few
 * numbers it needs.
 */
public final class Settings {
  private static final DateTimeFormatter RUN_ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Map<Setting, Object> values = new EnumMap<>(Setting.class);
  private final Map<Setting, String> texts = new EnumMap<>(Setting.class);

  private Settings(List<Map<Setting, OptionValue>> layers, Clock clock) {
    for (Setting setting : Setting.values()) {
      OptionValue given = first(layers, setting);
      values.put(setting, setting.read(given));
      texts.put(setting, given.text());
    }
    if (runIdGiven().isEmpty()) {
      texts.put(Setting.RUN_ID, RUN_ID.format(clock.instant()));
    }
  }

  private static OptionValue first(List<Map<Setting, OptionValue>> layers, Setting setting) {
    return layers.stream()
        .filter(layer -> layer.containsKey(setting))
        .map(layer -> layer.get(setting))
        .findFirst()
        .orElse(new OptionValue(setting.builtIn(), setting.key()));
  }

  /**
   * The built-in settings, but for these.
   *
   * @param values by key, as a file would write them
   * @throws IllegalArgumentException naming the key that is unknown or whose value is impossible
   */
  public static Settings of(Map<String, String> values) {
    Map<Setting, OptionValue> given = new EnumMap<>(Setting.class);
    values.forEach(
        (key, text) ->
            given.put(
                Setting.named(key)
                    .orElseThrow(() -> new IllegalArgumentException("unknown setting " + key)),
                new OptionValue(text, key)));
    return of(List.of(given));
  }

  /** Of what was given where; the earlier layer counts. */
  public static Settings of(List<Map<Setting, OptionValue>> layers) {
    return of(layers, Clock.systemUTC());
  }

  public static Settings of(List<Map<Setting, OptionValue>> layers, Clock clock) {
    return new Settings(new ArrayList<>(layers), clock);
  }

  /** Where images and labels are; empty: where the data set is usually found. */
  @SuppressWarnings("unchecked") // what Setting.DATA reads
  public Optional<String> data() {
    return (Optional<String>) values.get(Setting.DATA);
  }

  /** How the data is read. */
  @SuppressWarnings("unchecked") // what the settings read
  public DataOptions dataOptions() {
    return new DataOptions(
        Set.of(),
        (String) values.get(Setting.IMAGE_COLUMN),
        (String) values.get(Setting.LABEL_COLUMN),
        decodeSettings(),
        Optional.empty(),
        values.get(Setting.LABELS) == Setting.LabelUse.READ,
        (Optional<String>) values.get(Setting.LABELS_FILE),
        (OptionalDouble) values.get(Setting.TEST_SPLIT),
        (BadRecords) values.get(Setting.BAD_RECORDS));
  }

  /** How images become pixels. */
  @SuppressWarnings("unchecked") // what the settings read
  public DecodeSettings decodeSettings() {
    Optional<ImageShape> shape = (Optional<ImageShape>) values.get(Setting.ARRAY_SHAPE);
    Optional<int[]> size = (Optional<int[]>) values.get(Setting.RESIZE);
    return new DecodeSettings(
        size.map(
                sides ->
                    new Resize(
                        sides[0],
                        sides[1],
                        (Resize.Mode) values.get(Setting.RESIZE_MODE),
                        (Resize.Filter) values.get(Setting.RESIZE_FILTER)))
            .orElse(null),
        (DecodeSettings.Channels) values.get(Setting.CHANNELS),
        ((OptionalInt) values.get(Setting.BACKGROUND)).orElse(DecodeSettings.DROP_ALPHA),
        ((OptionalInt) values.get(Setting.GREY_BITS)).orElse(0),
        shape.orElse(null),
        (DecodeSettings.ArrayLayout) values.get(Setting.ARRAY_LAYOUT),
        ((OptionalInt) values.get(Setting.ARRAY_WHITE)).orElse(0));
  }

  /** The file of the names of the model's classes. */
  @SuppressWarnings("unchecked") // what Setting.CLASS_NAMES reads
  public Optional<String> classNames() {
    return (Optional<String>) values.get(Setting.CLASS_NAMES);
  }

  /** The directory (or URI of one) that holds the runs. */
  public String output() {
    return (String) values.get(Setting.OUTPUT);
  }

  /** The run's name, a plain one: given, or the time these settings were made. */
  public String runId() {
    return texts.get(Setting.RUN_ID);
  }

  /** Whether the run's name was given. */
  public boolean namesRun() {
    return runIdGiven().isPresent();
  }

  @SuppressWarnings("unchecked") // what Setting.RUN_ID reads
  private Optional<String> runIdGiven() {
    return (Optional<String>) values.get(Setting.RUN_ID);
  }

  /** The file of the key that signs the run's manifest. */
  @SuppressWarnings("unchecked") // what Setting.SIGN reads
  public Optional<String> signingKey() {
    return (Optional<String>) values.get(Setting.SIGN);
  }

  public int epochs() {
    return (int) values.get(Setting.EPOCHS);
  }

  /** Logical shards; empty: as many as the cluster has task slots, at least 2. */
  public OptionalInt workers() {
    return (OptionalInt) values.get(Setting.WORKERS);
  }

  /** Share of the training images held out, taken from their end; at least 0, below 1. */
  public double validationSplit() {
    return (double) values.get(Setting.VALIDATION_SPLIT);
  }

  /** What training does where nothing else is set. */
  public Recipe recipe() {
    return (Recipe) values.get(Setting.RECIPE);
  }

  /** A setting that may be left to the program, {@code auto}: its value, or this one instead. */
  @SuppressWarnings("unchecked") // what OptionValue.unlessAuto reads
  public <T> T or(Setting setting, T chosen) {
    return ((Optional<T>) values.get(setting)).orElse(chosen);
  }

  public long seed() {
    return (long) values.get(Setting.SEED);
  }

  /** How many of the training images to use, from the first; empty: all. */
  public OptionalInt trainLimit() {
    return (OptionalInt) values.get(Setting.TRAIN_LIMIT);
  }

  /** How many of the test images to explain, from the first; empty: all. */
  public OptionalInt testLimit() {
    return (OptionalInt) values.get(Setting.TEST_LIMIT);
  }

  public Engine engine() {
    return (Engine) values.get(Setting.ENGINE);
  }

  /** Rounds between two checkpoints; empty: one after each epoch only. */
  public OptionalInt checkpointEvery() {
    return (OptionalInt) values.get(Setting.CHECKPOINT_EVERY);
  }

  /** Whether to go on with an unfinished run: the one of this id, or the newest. */
  public boolean resume() {
    return (boolean) values.get(Setting.RESUME);
  }

  /** Partitions of the explanation; empty: to be chosen. */
  public OptionalInt partitions() {
    return (OptionalInt) values.get(Setting.PARTITIONS);
  }

  /** Images explained at a time. */
  public int explainBatchSize() {
    return (int) values.get(Setting.EXPLAIN_BATCH_SIZE);
  }

  /** What was said of a model from elsewhere. */
  @SuppressWarnings("unchecked") // each setting reads values of one type
  public ModelOptions modelOptions() {
    return new ModelOptions(
        (ModelOptions.PixelForm) values.get(Setting.PIXELS),
        (Optional<Double>) values.get(Setting.PIXEL_SCALE),
        (List<Double>) values.get(Setting.PIXEL_MEAN),
        (List<Double>) values.get(Setting.PIXEL_STD),
        (ModelOptions.ChannelOrder) values.get(Setting.CHANNEL_ORDER),
        Optional.empty());
  }

  /** Whether to measure how faithful the maps are. */
  public boolean faithfulness() {
    return (boolean) values.get(Setting.FAITHFULNESS);
  }

  /** Images that have insertion and deletion curves; empty: all. */
  public OptionalInt faithfulnessSample() {
    return (OptionalInt) values.get(Setting.FAITHFULNESS_SAMPLE);
  }

  /** The same but for one setting. */
  public Settings with(Setting setting, String text) {
    Map<Setting, OptionValue> given = new EnumMap<>(Setting.class);
    texts.forEach((each, value) -> given.put(each, new OptionValue(value, each.key())));
    given.put(setting, new OptionValue(text, setting.key()));
    return of(List.of(given));
  }

  /** Every key and its value as a file would write it, for the record of a run. */
  public Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    texts.forEach((setting, text) -> map.put(setting.key(), text));
    return Collections.unmodifiableMap(map);
  }
}
