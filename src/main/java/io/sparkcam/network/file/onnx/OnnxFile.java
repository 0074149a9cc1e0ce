package io.sparkcam.network.file.onnx;

import static io.sparkcam.network.file.onnx.OnnxGraph.require;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.HeadKind;
import io.sparkcam.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import onnx.OnnxMl.TensorProto.DataType;
import onnx.OnnxMl.TensorShapeProto;
import onnx.OnnxMl.TypeProto;

/**
 * What PyTorch's {@code torch.onnx.export}, tf2onnx and others write: an ONNX file with everything
 * in it.
 */
public final class OnnxFile {
  private static final List<Long> LAST_TO_FIRST = List.of(0L, 3L, 1L, 2L);

  private final OnnxGraph graph;
  private final ImageShape images;

  private OnnxFile(OnnxGraph graph, ImageShape images) {
    this.graph = graph;
    this.images = images;
  }

  /** What computes networks out of such files: its name and version. */
  public static String engine() {
    return OnnxSession.engine();
  }

  /** Whether a file that starts with these bytes may be an ONNX file: its version comes first. */
  public static boolean startsLike(byte[] start) {
    return start.length > 2 && start[0] == 0x08 && start[1] > 0 && start[1] < 0x20;
  }

  /**
   * Reads a network that is to explain images; it may come from anywhere.
   *
   * @param name of the file, for messages
   * @param head what makes probabilities of logits, where the graph ends in these
   * @throws IOException if it is damaged, takes other images, or has no head that class activation
   *     maps explain
   */
  public static OnnxModel read(
      InputStream in, String name, ImageShape images, Optional<HeadKind> head) throws IOException {
    byte[] file = in.readNBytes(WireLimits.MOST_BYTES + 1);
    if (file.length > WireLimits.MOST_BYTES) {
      throw new IOException(name + ": more than " + WireLimits.MOST_BYTES + " bytes");
    }
    OnnxGraph graph;
    try {
      graph = OnnxGraph.read(file);
    } catch (IOException e) {
      throw new IOException(name + ": is no ONNX model: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
    try {
      return new OnnxFile(graph, images).model(file, head);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IOException(name + ": cannot be explained: " + e.getMessage(), e);
    }
  }

  private OnnxModel model(byte[] file, Optional<HeadKind> asked) {
    long[] sides = sides();
    boolean last = takesChannelsLast(sides);
    int batch = Math.toIntExact(sides[0]);
    int one = Math.max(1, batch);
    Extent image =
        last
            ? new Extent(
                new int[] {one, images.height(), images.width(), images.channels()},
                1,
                2,
                CellGrid.Axis.PIXELS,
                CellGrid.Axis.PIXELS,
                false)
            : new Extent(
                new int[] {one, images.channels(), images.height(), images.width()},
                2,
                3,
                CellGrid.Axis.PIXELS,
                CellGrid.Axis.PIXELS,
                false);
    Extents extents = Extents.of(graph, image);
    String output = output(extents);
    OnnxHead head = OnnxHead.find(graph, extents, output);
    Extent features = cells(extents.of(head.features()));
    boolean featuresLast = features.channelAxis() == 3;
    FeatureShape shape = FeatureShape.of(features);
    DenseLayer dense = DenseLayer.of(head, asked, shape, featuresLast);
    byte[] whole =
        OnnxTrunk.write(graph, images, batch, last, head.features(), featuresLast, List.of(output));
    try (OnnxProbe probe =
        new OnnxProbe(whole, images, shape, dense, head, output, extents.of(output).dims())) {
      if (batch == 0 && !probe.takesSeveral()) {
        batch = 1;
      }
      probe.require(one);
    }
    byte[] trunk =
        OnnxTrunk.write(graph, images, batch, last, head.features(), featuresLast, List.of());
    return new OnnxModel(
        file,
        new OnnxNetwork(images, shape, dense.shape(), batch, trunk, Sha256.of(trunk)),
        dense.parameters(),
        (classes, parameters) ->
            OnnxTrunk.withHead(graph, head.features(), featuresLast, classes, parameters));
  }

  /** Where cells are not followed any more they are where ONNX has them. */
  private static Extent cells(Extent features) {
    require(features.rank() == 4, "averages %s, expected feature maps", features);
    return features.hasCells()
        ? features
        : new Extent(features.dims(), 2, 3, Extent.NOWHERE, Extent.NOWHERE, features.nonNegative());
  }

  /** The output that has a head, of several the first. */
  private String output(Extents extents) {
    Optional<IllegalArgumentException> first = Optional.empty();
    for (String output : graph.outputs()) {
      try {
        OnnxHead.find(graph, extents, output);
        return output;
      } catch (IllegalArgumentException e) {
        first = first.isPresent() ? first : Optional.of(e);
      }
    }
    throw first.orElseGet(() -> new IllegalArgumentException("has no output"));
  }

  /** Of the input; 0 where it is left open. */
  private long[] sides() {
    TypeProto.Tensor type = graph.input().getType().getTensorType();
    DataType element = DataType.forNumber(type.getElemType());
    require(element == DataType.FLOAT, "takes images of %s, expected FLOAT", element);
    List<TensorShapeProto.Dimension> dims = type.getShape().getDimList();
    require(
        dims.size() == 4,
        "takes input of %d sides, expected images: 4 with the batch",
        dims.size());
    long[] sides = dims.stream().mapToLong(TensorShapeProto.Dimension::getDimValue).toArray();
    require(
        sides[0] >= 0 && sides[0] <= 1024,
        "takes %d images at once, expected at most 1024",
        sides[0]);
    return sides;
  }

  private boolean takesChannelsLast(long[] sides) {
    boolean first = fits(sides, images.channels(), images.height(), images.width());
    boolean last = fits(sides, images.height(), images.width(), images.channels());
    require(
        first || last,
        "takes images of %s, they are (%d, %d, %d): channels, rows, columns",
        shown(sides),
        images.channels(),
        images.height(),
        images.width());
    return last && (!first || isTransposedFirst());
  }

  private static boolean fits(long[] sides, int... image) {
    for (int i = 0; i < image.length; i++) {
      if (sides[i + 1] != 0 && sides[i + 1] != image[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isTransposedFirst() {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                node.operator().equals("Transpose")
                    && node.input(0).equals(graph.input().getName())
                    && Arrays.stream(node.integers("perm")).boxed().toList().equals(LAST_TO_FIRST));
  }

  private static String shown(long[] sides) {
    StringJoiner shown = new StringJoiner(", ", "(", ")");
    for (int i = 1; i < sides.length; i++) {
      shown.add(sides[i] == 0 ? "any" : String.valueOf(sides[i]));
    }
    return shown.toString();
  }
}
