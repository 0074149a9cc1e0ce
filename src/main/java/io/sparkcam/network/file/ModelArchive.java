package io.sparkcam.network.file;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's model file as it is opened when it may come from anywhere.
 *
 * <p>DL4J's own reader inflates every entry of the zip whatever its size, unpacks {@code
 * preprocessor.bin} by Java serialization, and loads each class that the configuration names. This
 * one takes the three entries that make up a network, once each and in the order that DL4J writes
 * them: the configuration, checked by {@link StoredConfiguration}, which tells how long the
 * parameters are, and these how long the updater's state. So no entry is read further than that,
 * and sizes that the zip declares decide nothing. A ratio of compression is not limited: the state
 * of an untrained network is all zeros.
 */
final class ModelArchive {
  private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;
  private static final String PARAMETERS = ModelSerializer.COEFFICIENTS_BIN;
  private static final String STATE = ModelSerializer.UPDATER_BIN;
  private static final List<String> ORDER = List.of(CONFIGURATION, PARAMETERS, STATE);

  /** What {@link ModelSerializer} also writes, as objects of any class. */
  private static final Set<String> OBJECTS =
      Set.of(ModelSerializer.NORMALIZER_BIN, ModelSerializer.PREPROCESSOR_BIN);

  private static final int SHOWN_NAME = 80;

  private final ZipInputStream zip;
  private final Set<String> seen = new HashSet<>();
  private StoredNetwork stored;
  private Model network;

  private ModelArchive(InputStream in) {
    zip = new ZipInputStream(in);
  }

  /**
   * Reads a network with its updater's state, if that was saved.
   *
   * @throws IOException or an unchecked exception of DL4J's if it is no such file
   */
  static Model read(InputStream in) throws IOException {
    ModelArchive archive = new ModelArchive(in);
    for (ZipEntry entry = archive.zip.getNextEntry();
        entry != null;
        entry = archive.zip.getNextEntry()) {
      archive.take(entry);
    }
    if (archive.network == null) {
      throw new IOException(
          archive.seen.isEmpty()
              ? "no zip file"
              : "has no " + PARAMETERS + ", found only " + CONFIGURATION);
    }
    return archive.network;
  }

  private void take(ZipEntry entry) throws IOException {
    String name = entry.getName();
    if (OBJECTS.contains(name)) {
      throw new IOException(
          name + ": objects are not read: images are given as pixels / 255, save it without");
    }
    int place = ORDER.indexOf(name);
    if (place < 0) {
      throw new IOException("entry '" + shown(name) + "', expected only " + ORDER);
    }
    if (!seen.add(name)) {
      throw new IOException(name + ": is there twice");
    }
    if (place != seen.size() - 1) {
      throw new IOException(name + ": entry " + seen.size() + ", expected in the order " + ORDER);
    }
    switch (name) {
      case CONFIGURATION -> stored = StoredConfiguration.read(zip, name);
      case PARAMETERS -> network = network();
      default -> restoreState();
    }
    if (zip.read() >= 0) {
      throw new IOException(name + ": goes on after its content");
    }
  }

  private Model network() throws IOException {
    long count = ModelLimits.parameterCount(stored.layers());
    return stored.network(StoredArray.read(new DataInputStream(zip), PARAMETERS, count));
  }

  private void restoreState() throws IOException {
    INDArray state = ((NeuralNetwork) network).updaterState();
    long count = state == null ? 0 : state.length();
    INDArray values = StoredArray.read(new DataInputStream(zip), STATE, count);
    if (count > 0) {
      state.assign(values);
    }
  }

  /** A name from outside, as it may be shown on a terminal. */
  private static String shown(String name) {
    String printable = name.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= SHOWN_NAME
        ? printable
        : printable.substring(0, SHOWN_NAME) + "...";
  }
}
