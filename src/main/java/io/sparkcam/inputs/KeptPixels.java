package io.sparkcam.inputs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.network.PixelScale;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** How a run's model wants its pixels, in a file beside it; without the file, from 0 to 1. */
public final class KeptPixels {
  public static final String NAME = "pixels.json";

  /** Of the file: three numbers a channel. */
  private static final int LONGEST = 1 << 16;

  private static final JsonMapper MAPPER = new JsonMapper();

  private KeptPixels() {}

  /** The file's content. */
  public static byte[] content(PixelScale pixels) throws IOException {
    return MAPPER
        .writerWithDefaultPrettyPrinter()
        .writeValueAsBytes(
            MAPPER
                .createObjectNode()
                .put("order", pixels.bgr() ? "bgr" : "rgb")
                .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                    "scale", MAPPER.valueToTree(pixels.scale()))
                .set("shift", MAPPER.valueToTree(pixels.shift())));
  }

  static Optional<PixelScale> read(FileSystem files, Path run, int channels) throws IOException {
    Path file = new Path(run, NAME);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = files.open(file)) {
      JsonNode node = MAPPER.readTree(in.readNBytes(LONGEST));
      PixelScale pixels =
          new PixelScale(
              numbers(node.path("scale")),
              numbers(node.path("shift")),
              node.path("order").asText().equals("bgr"));
      if (pixels.channels() != channels) {
        throw new IOException(
            "%s: for %s channels, the images have %s".formatted(file, pixels.channels(), channels));
      }
      return Optional.of(pixels);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException(file + ": is not what a run keeps of its model's pixels", e);
    }
  }

  private static List<Double> numbers(JsonNode list) {
    List<Double> numbers = new ArrayList<>();
    list.forEach(each -> numbers.add(each.asDouble()));
    return numbers;
  }
}
