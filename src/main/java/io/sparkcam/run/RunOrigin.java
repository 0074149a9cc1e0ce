package io.sparkcam.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run was made from: enough to make it again.
 *
 * @param inputs the files that images and labels were read from
 * @param classNames by class; empty where the images had no labels
 * @param modelSha256 of the model file that explained, or was trained
 * @param settings every setting by its key, in the order that they are documented in
 * @param workers logical shards
 * @param channels of the images
 * @param versions of SparkCAM, Spark, DL4J and Java, by those names in lower case
 */
public record RunOrigin(
    List<Input> inputs,
    List<String> classNames,
    String modelSha256,
    Map<String, String> settings,
    long seed,
    int workers,
    int channels,
    Map<String, String> versions) {

  /**
   * A file as it was read.
   *
   * @param sha256 of the file as it is stored
   * @param count images or labels in it
   */
  public record Input(String name, String sha256, long count) {
    public Input {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(sha256, "sha256");
    }
  }

  public RunOrigin {
    inputs = List.copyOf(inputs);
    classNames = List.copyOf(classNames);
    Objects.requireNonNull(modelSha256, "modelSha256");
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
  }
}
