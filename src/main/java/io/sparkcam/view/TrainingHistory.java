package io.sparkcam.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkcam.training.EpochRecord;
import io.sparkcam.view.html.Epoch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The file {@code history.jsonl}: a JSON object a line, an epoch each, named as Keras names its
 * history.
 */
public final class TrainingHistory {
  /** Name of the file. */
  public static final String NAME = "history.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private TrainingHistory() {}

  /**
   * Writes the epochs; what an epoch does not have, such as validation without held-out images, is
   * null.
   */
  public static void write(List<EpochRecord> epochs, OutputStream out) throws IOException {
    for (EpochRecord epoch : epochs) {
      ObjectNode line = JSON.createObjectNode();
      line.put("epoch", epoch.epoch());
      put(line, "loss", epoch.loss());
      put(line, "accuracy", epoch.accuracy());
      put(line, "val_loss", epoch.valLoss());
      put(line, "val_accuracy", epoch.valAccuracy());
      put(line, "learning_rate", epoch.learningRate());
      put(line, "seconds", epoch.seconds());
      put(line, "images_per_s", epoch.imagesPerSecond());
      put(line, "compute_s", epoch.computeSeconds());
      put(line, "broadcast_s", epoch.broadcastSeconds());
      put(line, "aggregation_s", epoch.aggregationSeconds());
      put(line, "scheduling_s", epoch.schedulingSeconds());
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Reads what a report shows of the epochs of a run. */
  static List<Epoch> read(Path run, Configuration configuration) throws IOException {
    Path file = new Path(run, NAME);
    List<Epoch> epochs = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                file.getFileSystem(configuration).open(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode epoch = JSON.readTree(line);
        epochs.add(
            new Epoch(
                epoch.path("epoch").asInt(),
                epoch.path("loss").asDouble(Double.NaN),
                epoch.path("accuracy").asDouble(Double.NaN),
                epoch.path("val_loss").asDouble(Double.NaN),
                epoch.path("val_accuracy").asDouble(Double.NaN)));
      }
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s: line %s: no JSON object of an epoch".formatted(file, epochs.size() + 1), e);
    }
    return epochs;
  }

  private static void put(ObjectNode line, String key, double value) {
    if (Double.isNaN(value)) {
      line.putNull(key);
    } else {
      line.put(key, value);
    }
  }
}
