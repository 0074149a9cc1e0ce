package io.sparkcam.network.file.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.PixelScale;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What Keras writes with {@code model.save}: an HDF5 file {@code .h5} of Keras 2 or 3, or a zip
 * {@code .keras} of Keras 3.
 */
public final class KerasFile {
  /** How many bytes {@link #startsLike} wants to see. */
  public static final int SIGNATURE_LENGTH = Hdf5File.SIGNATURE_LENGTH;

  static final String AS_ONNX = "export the model to ONNX instead, see README";

  private static final String CONFIGURATION = "model_config";
  private static final String VERSION = "keras_version";
  private static final String ZIPPED_CONFIGURATION = "config.json";
  private static final String ZIPPED_VERSION = "metadata.json";
  private static final String ZIPPED_WEIGHTS = "model.weights.h5";
  private static final int LONGEST_TEXT = 1 << 24;

  /** Of the weights, and of those unpacked. */
  private static final int MOST_BYTES = 1 << 30;

  private final String name;
  private final ImageShape images;
  private final Optional<PixelScale> pixels;
  private final ModelOptions options;

  private KerasFile(
      String name, ImageShape images, Optional<PixelScale> pixels, ModelOptions options) {
    this.name = name;
    this.images = images;
    this.pixels = pixels;
    this.options = options;
  }

  /**
   * A model as it was read.
   *
   * @param network DL4J's, with what follows the features as one layer
   * @param pixels as the network's first layer takes them
   */
  public record Imported(ComputationGraph network, PixelScale pixels) {}

  /** Whether a file that starts with these bytes is an HDF5 file. */
  public static boolean startsLike(byte[] start) {
    return Hdf5File.startsLike(start);
  }

  /**
   * Reads a Sequential or functional model.
   *
   * @param content of the whole file, of either kind, in an array from its start
   * @param name of the file, for messages
   * @param images what it is to classify
   * @param pixels as the model takes them, where somebody said so
   * @param options what makes probabilities of logits, where the model does not say; whether
   *     gradients explain it
   * @throws IOException if it is damaged, takes other images, or has layers that are not known
   */
  public static Imported read(
      ByteBuffer content,
      String name,
      ImageShape images,
      Optional<PixelScale> pixels,
      ModelOptions options)
      throws IOException {
    KerasFile file = new KerasFile(name, images, pixels, options);
    byte[] start = new byte[Math.min(SIGNATURE_LENGTH, content.remaining())];
    content.duplicate().get(start);
    if (Hdf5File.startsLike(start) || !isZip(start)) {
      return file.hdf5(Hdf5File.of(content, name));
    }
    byte[] zip = new byte[content.remaining()];
    content.duplicate().get(zip);
    return file.zip(zip);
  }

  private static boolean isZip(byte[] start) {
    return start.length > 1 && start[0] == 'P' && start[1] == 'K';
  }

  /** Whether a zip that starts with an entry of this name is a {@code .keras} file. */
  public static boolean isFirstEntry(String entry) {
    return entry.equals(ZIPPED_CONFIGURATION)
        || entry.equals(ZIPPED_VERSION)
        || entry.equals(ZIPPED_WEIGHTS)
        || entry.startsWith("assets/");
  }

  private Imported hdf5(Hdf5File hdf5) throws IOException {
    Optional<String> json = hdf5.text(CONFIGURATION);
    if (json.isEmpty()) {
      throw new IOException(
          name
              + ": HDF5 without the attribute "
              + CONFIGURATION
              + ": weights alone, expected what model.save writes");
    }
    int version = version(hdf5.text(VERSION).orElse("none"));
    return network(json.get(), version, graph -> KerasWeights.ofKeras2(hdf5, name));
  }

  private Imported zip(byte[] content) throws IOException {
    String json = null;
    String metadata = "{}";
    byte[] weights = null;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        switch (entry.getName()) {
          case ZIPPED_CONFIGURATION -> json = text(zip, entry);
          case ZIPPED_VERSION -> metadata = text(zip, entry);
          case ZIPPED_WEIGHTS -> weights = bytes(zip, entry, MOST_BYTES);
          default -> {
            // assets are for text layers
          }
        }
      }
    } catch (IllegalArgumentException | java.util.zip.ZipException | java.io.EOFException e) {
      throw new IOException(name + ": cannot be read as a zip, it is cut short or damaged", e);
    }
    if (json == null || weights == null) {
      throw new IOException(
          "%s: zip without %s, expected what model.save of Keras 3 writes"
              .formatted(name, json == null ? ZIPPED_CONFIGURATION : ZIPPED_WEIGHTS));
    }
    JsonNode said;
    try {
      said = new com.fasterxml.jackson.databind.json.JsonMapper().readTree(metadata);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IOException(name + ": " + ZIPPED_VERSION + " is no JSON", e);
    }
    int version = version(said.path(VERSION).asText("none"));
    Hdf5File hdf5 = Hdf5File.of(ByteBuffer.wrap(weights), name);
    return network(json, version, graph -> KerasWeights.ofKeras3(hdf5, graph, name));
  }

  private String text(ZipInputStream zip, ZipEntry entry) throws IOException {
    return new String(bytes(zip, entry, LONGEST_TEXT), java.nio.charset.StandardCharsets.UTF_8);
  }

  private byte[] bytes(ZipInputStream zip, ZipEntry entry, int most) throws IOException {
    byte[] bytes = zip.readNBytes(most);
    if (bytes.length == most) {
      throw new IOException(
          "%s: %s is longer than %s bytes".formatted(name, entry.getName(), most));
    }
    return bytes;
  }

  private int version(String text) throws IOException {
    if (!text.matches("[23]\\..*")) {
      throw new IOException(
          "%s: %s %s, expected 2 or 3: load it with Keras 2 and save it again"
              .formatted(name, VERSION, KerasNode.shown(text)));
    }
    return text.charAt(0) - '0';
  }

  @FunctionalInterface
  private interface Weights {
    KerasWeights of(KerasGraph graph) throws IOException;
  }

  private Imported network(String json, int version, Weights stored) throws IOException {
    try {
      KerasGraph graph = KerasGraph.parse(json);
      requireImages(graph);
      KerasWeights weights = stored.of(graph);
      KerasShapes shapes = KerasShapes.of(graph, images);
      KerasPixels scaled = KerasPixels.of(graph, weights, images.channels(), pixels);
      KerasHead found = KerasHead.find(graph, shapes, weights, options);
      return new Imported(
          KerasTranslation.of(graph, shapes, weights, version, scaled, found, images),
          scaled.scale());
    } catch (RuntimeException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new IOException(name + ": cannot be explained: " + why, e);
    }
  }

  /** Refuses images of another size than the model was built for; an open side may be any. */
  private void requireImages(KerasGraph graph) throws IOException {
    List<Integer> given =
        graph.isChannelsFirst()
            ? List.of(images.channels(), images.height(), images.width())
            : List.of(images.height(), images.width(), images.channels());
    for (KerasNode node : graph.nodes().values()) {
      if (!node.kind().equals(KerasNode.INPUT)) {
        continue;
      }
      JsonNode declared = node.config().path("batch_input_shape");
      if (declared.isMissingNode()) {
        declared = node.config().path("batch_shape");
      }
      boolean fits = declared.size() == 0 || declared.size() == given.size() + 1;
      for (int i = 0; i < given.size(); i++) {
        JsonNode side = declared.path(i + 1);
        fits &= !side.isNumber() || side.intValue() == given.get(i);
      }
      if (!fits) {
        throw new IOException(
            "%s: takes input of %s, the images are %s: %s"
                .formatted(
                    name,
                    sides(declared),
                    "(%s, %s, %s)".formatted(given.toArray()),
                    graph.isChannelsFirst()
                        ? "channels, rows, columns"
                        : "rows, columns, channels"));
      }
    }
  }

  /** {@code (28, 28, 1)}, without the batch; {@code any} where it is left open. */
  private static String sides(JsonNode shape) {
    List<String> sides = new ArrayList<>();
    for (int i = 1; i < shape.size(); i++) {
      sides.add(shape.get(i).isNumber() ? shape.get(i).asText() : "any");
    }
    return "(" + String.join(", ", sides) + ")";
  }
}
