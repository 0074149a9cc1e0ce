package io.sparkcam.network;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;

/**
 * Trained networks as DL4J's own model files: {@code MultiLayerNetwork.load} reads them without a
 * class of this project.
 */
public final class SavedModel {
  /** Zip's earliest time. The time of writing would make equal models unequal files. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private SavedModel() {}

  /** Writes a network with its updater's state; equal networks give equal bytes. */
  public static void write(MultiLayerNetwork network, OutputStream out) throws IOException {
    ByteArrayOutputStream timed = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, timed, true);
    try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(timed.toByteArray()));
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        ZipEntry timeless = new ZipEntry(entry.getName());
        timeless.setTimeLocal(NO_TIME);
        to.putNextEntry(timeless);
        from.transferTo(to);
        to.closeEntry();
      }
    }
  }

  /**
   * Reads a network, which may come from anywhere: nothing is unpacked but numbers, nothing larger
   * than the network itself, and no class is loaded but DL4J's own.
   *
   * @param name of the file, for messages
   */
  public static MultiLayerNetwork read(InputStream in, String name) throws IOException {
    try {
      return ModelArchive.read(in);
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          name + ": is no DL4J model of a MultiLayerNetwork: " + e.getMessage(), e);
    }
  }

  /** What a saved model turned out to be. */
  public record Recognised(CamNetwork network, Optional<String> whyStock) {}

  /**
   * Finds out what CAM needs to know of a network.
   *
   * @param name of its file, for messages
   * @return with the reason why DL4J's own layers must compute it, where they must
   * @throws IOException if it has no feature maps, global average pooling and dense softmax layer
   */
  public static Recognised recognise(
      MultiLayerNetwork network, String name, int height, int width, int channels)
      throws IOException {
    try {
      ModelLimits.requireActivations(network.getLayerWiseConfigurations(), height, width, channels);
    } catch (IllegalArgumentException e) {
      throw new IOException(name + ": cannot be explained: " + e.getMessage(), e);
    }
    try {
      GapCnn model = GapCnn.of(network.getLayerWiseConfigurations(), height, width);
      if (model.channels() == channels) {
        return new Recognised(model, Optional.empty());
      }
      throw new IOException(
          name + ": takes " + model.channels() + " channels, the images have " + channels);
    } catch (IllegalArgumentException notFast) {
      try {
        CamNetwork stock = StockCam.of(network, height, width, channels);
        return new Recognised(stock, Optional.of(notFast.getMessage()));
      } catch (IllegalArgumentException e) {
        throw new IOException(name + ": cannot be explained: " + e.getMessage(), e);
      }
    }
  }
}
