package io.sparkcam.config;

import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.image.DecodeSettings.Resize;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.ModelOptions.FeatureLayer;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  private final Map<Setting<?>, Object> values = new LinkedHashMap<>();
  private final Map<Setting<?>, String> texts = new LinkedHashMap<>();

  private Settings(List<Map<Setting<?>, OptionValue>> layers, Clock clock) {
    for (Setting<?> setting : Setting.all()) {
      OptionValue given = first(layers, setting);
      values.put(setting, setting.read(given));
      texts.put(setting, given.text());
    }
    if (get(Setting.LAYER).isPresent() && get(Setting.METHOD).method().addsUp()) {
      throw new IllegalArgumentException(
          shown(Setting.LAYER)
              + ": the methods of gradients explain a layer, not "
              + shown(Setting.METHOD));
    }
    if (get(Setting.INIT).isPresent()
        && !texts.get(Setting.NETWORK).equals(Setting.NETWORK.builtIn())) {
      throw new IllegalArgumentException(
          shown(Setting.INIT)
              + ": this model says what is trained, leave out "
              + shown(Setting.NETWORK));
    }
    if (get(Setting.MAPS) == Setting.MappedClasses.TOP5
        && (get(Setting.SHAPLEY)
            || get(Setting.FAITHFULNESS)
            || get(Setting.SANITY)
            || !get(Setting.METHOD).method().addsUp())) {
      throw new IllegalArgumentException(
          shown(Setting.MAPS)
              + ": --shapley, --faithfulness, --sanity and methods of gradients need maps of all classes");
    }
    if (!namesRun()) {
      texts.put(Setting.RUN_ID, RUN_ID.format(clock.instant()));
    }
  }

  private String shown(Setting<?> setting) {
    return setting.flag() + " " + texts.get(setting);
  }

  private static OptionValue first(List<Map<Setting<?>, OptionValue>> layers, Setting<?> setting) {
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
    Map<Setting<?>, OptionValue> given = new LinkedHashMap<>();
    values.forEach(
        (key, text) ->
            given.put(
                Setting.named(key)
                    .orElseThrow(() -> new IllegalArgumentException("unknown setting " + key)),
                new OptionValue(text, key)));
    return of(List.of(given));
  }

  /** Of what was given where; the earlier layer counts. */
  public static Settings of(List<Map<Setting<?>, OptionValue>> layers) {
    return of(layers, Clock.systemUTC());
  }

  public static Settings of(List<Map<Setting<?>, OptionValue>> layers, Clock clock) {
    return new Settings(new ArrayList<>(layers), clock);
  }

  /** The value of a setting. */
  @SuppressWarnings("unchecked") // what the setting read
  public <T> T get(Setting<T> setting) {
    return (T) values.get(setting);
  }

  /** A setting that may be left to the program, {@code auto}: its value, or this one instead. */
  public <T> T or(Setting<Optional<T>> setting, T chosen) {
    return get(setting).orElse(chosen);
  }

  /** How the data is read. */
  public DataOptions dataOptions() {
    return new DataOptions(
        Set.of(),
        get(Setting.IMAGE_COLUMN),
        get(Setting.LABEL_COLUMN),
        decodeSettings(),
        Optional.empty(),
        get(Setting.LABELS) == Setting.LabelUse.READ,
        get(Setting.LABELS_FILE),
        get(Setting.TEST_SPLIT),
        get(Setting.BAD_RECORDS));
  }

  /** How images become pixels. */
  public DecodeSettings decodeSettings() {
    return new DecodeSettings(
        get(Setting.RESIZE)
            .map(
                sides ->
                    new Resize(
                        sides[0], sides[1], get(Setting.RESIZE_MODE), get(Setting.RESIZE_FILTER)))
            .orElse(null),
        get(Setting.CHANNELS),
        get(Setting.BACKGROUND).orElse(DecodeSettings.DROP_ALPHA),
        get(Setting.GREY_BITS).orElse(0),
        get(Setting.ARRAY_SHAPE).orElse(null),
        get(Setting.ARRAY_LAYOUT),
        get(Setting.ARRAY_WHITE).orElse(0));
  }

  /** What was said of a model from elsewhere. */
  public ModelOptions modelOptions() {
    return new ModelOptions(
        get(Setting.PIXELS),
        get(Setting.PIXEL_SCALE),
        get(Setting.PIXEL_MEAN),
        get(Setting.PIXEL_STD),
        get(Setting.CHANNEL_ORDER),
        get(Setting.HEAD),
        get(Setting.METHOD).method().addsUp()
            ? Optional.empty()
            : Optional.of(new FeatureLayer(get(Setting.LAYER))));
  }

  /** The directory (or URI of one) that holds the runs. */
  public String output() {
    return get(Setting.OUTPUT);
  }

  /** The run's name, a plain one: given, or the time these settings were made. */
  public String runId() {
    return texts.get(Setting.RUN_ID);
  }

  /** Whether the run's name was given. */
  public boolean namesRun() {
    return get(Setting.RUN_ID).isPresent();
  }

  /** The same but for one setting. */
  public Settings with(Setting<?> setting, String text) {
    Map<Setting<?>, OptionValue> given = new LinkedHashMap<>();
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
