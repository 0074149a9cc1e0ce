package io.sparkcam.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkcam.training.EpochRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The file {@code history.jsonl}: a JSON object a line, an epoch each, named as Keras names its
 * history.
 */
final class History {
  private static final ObjectMapper JSON = new ObjectMapper();

  private History() {}

  /**
   * Writes the epochs; what an epoch does not have, such as validation without held-out images, is
   * null.
   */
  static void write(List<EpochRecord> epochs, OutputStream out) throws IOException {
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

  private static void put(ObjectNode line, String key, double value) {
    if (Double.isNaN(value)) {
      line.putNull(key);
    } else {
      line.put(key, value);
    }
  }
}
