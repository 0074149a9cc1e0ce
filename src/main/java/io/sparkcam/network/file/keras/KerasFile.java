package io.sparkcam.network.file.keras;

import io.sparkcam.data.ImageShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.config.KerasModelConfiguration;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What Keras 2.x writes with {@code model.save("model.h5")}: an HDF5 file. */
public final class KerasFile {
  /** How many bytes {@link #startsLike} wants to see. */
  public static final int SIGNATURE_LENGTH = 8;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final String CONFIGURATION = "model_config";
  private static final String VERSION = "keras_version";
  private static final String WEIGHTS = "model_weights";

  private final Hdf5Archive archive;
  private final String name;

  private KerasFile(Hdf5Archive archive, String name) {
    this.archive = archive;
    this.name = name;
  }

  /** Whether a file that starts with these bytes is an HDF5 file. */
  public static boolean startsLike(byte[] start) {
    return Arrays.equals(start, SIGNATURE);
  }

  /**
   * Reads a Sequential or functional model.
   *
   * @param name of the file, for messages
   * @param images what it is to classify
   * @throws IOException if it is damaged, takes other images, or has layers that DL4J does not know
   */
  public static ComputationGraph read(Path file, String name, ImageShape images)
      throws IOException {
    try (Hdf5Archive archive = open(file, name)) {
      return new KerasFile(archive, name).network(images);
    }
  }

  private static Hdf5Archive open(Path file, String name) throws IOException {
    // It would print what went wrong itself, in a dozen lines.
    org.bytedeco.hdf5.Exception.dontPrint();
    try {
      return new Hdf5Archive(file.toString());
    } catch (RuntimeException e) {
      throw new IOException(name + ": cannot be read as HDF5, it is cut short or damaged", e);
    }
  }

  private ComputationGraph network(ImageShape images) throws IOException {
    KerasConfiguration configuration = configuration();
    configuration.requireImages(images);
    KerasModelBuilder builder =
        new KerasModelBuilder(new KerasModelConfiguration()).modelJson(configuration.json());
    builder.setWeightsArchive(archive);
    builder.setWeightsRoot(WEIGHTS);
    KerasModel model;
    ComputationGraph network;
    try {
      model = configuration.isSequential() ? builder.buildSequential() : builder.buildModel();
      network = model.getComputationGraph();
    } catch (IOException
        | RuntimeException
        | InvalidKerasConfigurationException
        | UnsupportedKerasConfigurationException e) {
      throw new IOException(name + ": cannot be imported: " + firstSentence(e), e);
    }
    requireShapes(model, network);
    return network;
  }

  /** DL4J copies whatever fits into the space that there is. */
  private void requireShapes(KerasModel model, ComputationGraph network) throws IOException {
    for (Layer layer : network.getLayers()) {
      String layerName = layer.conf().getLayer().getLayerName();
      Map<String, INDArray> weights = model.getLayers().get(layerName).getWeights();
      for (Map.Entry<String, INDArray> array : layer.paramTable().entrySet()) {
        String expected = Arrays.toString(array.getValue().shape());
        String found = Arrays.toString(weights.get(array.getKey()).shape());
        if (!found.equals(expected)) {
          throw new IOException(
              "%s: layer %s: weights %s of shape %s, expected %s"
                  .formatted(name, layerName, array.getKey(), found, expected));
        }
      }
    }
  }

  /** The rest says where to ask for help. */
  private static String firstSentence(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.strip().replaceFirst("(?s)(\\. |\\R).*", "");
  }

  private KerasConfiguration configuration() throws IOException {
    try {
      if (!archive.hasAttribute(CONFIGURATION)) {
        throw new IOException(
            name
                + ": HDF5 without the attribute "
                + CONFIGURATION
                + ", expected what model.save of Keras 2 writes, not weights alone");
      }
      String version =
          archive.hasAttribute(VERSION) ? archive.readAttributeAsString(VERSION) : "none";
      if (!version.startsWith("2.")) {
        throw new IOException("%s: %s %s, expected 2.x".formatted(name, VERSION, version));
      }
      return KerasConfiguration.parse(archive.readAttributeAsJson(CONFIGURATION), name);
    } catch (RuntimeException | UnsupportedKerasConfigurationException e) {
      throw new IOException(
          name + ": its attributes " + CONFIGURATION + " and " + VERSION + " are no text", e);
    }
  }
}
