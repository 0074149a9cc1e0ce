package io.sparkcam.cli;

import io.sparkcam.config.ConfigFile;
import io.sparkcam.config.OptionValue;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.inputs.StoredData;
import io.sparkcam.job.Defaults;
import io.sparkcam.training.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run of this installation would choose: for benchmarks, which measure what users get. */
public final class DefaultSettings {
  /** Images read at a time. */
  public static final int BLOCK = Defaults.BLOCK;

  private final Settings settings;
  private final Defaults sizing;

  private DefaultSettings(Settings settings) {
    this.settings = settings;
    this.sizing = Defaults.of(settings, settings.get(Setting.WORKERS).orElseThrow());
  }

  /**
   * The settings of this installation but for these, which name the workers.
   *
   * @param flags values by key
   */
  public static DefaultSettings of(Map<String, String> flags) throws IOException {
    Map<Setting<?>, OptionValue> given = new LinkedHashMap<>();
    flags.forEach(
        (key, text) ->
            given.put(Setting.named(key).orElseThrow(), new OptionValue(text, "--" + key)));
    List<Map<Setting<?>, OptionValue>> layers = new ArrayList<>();
    layers.add(given);
    Optional<Path> file = ConfigFile.ofInstallation();
    if (file.isPresent()) {
      layers.add(ConfigFile.read(file.get()));
    }
    return new DefaultSettings(Settings.of(layers));
  }

  public Settings settings() {
    return settings;
  }

  public TrainingPlan trainingPlan(long images) {
    return sizing.trainingPlan(images);
  }

  public int explainPartitions(long images) {
    return sizing.explainPartitions(images);
  }

  /** The directory of the images. */
  public String data() throws IOException {
    return StoredData.locate(settings, line -> {});
  }
}
