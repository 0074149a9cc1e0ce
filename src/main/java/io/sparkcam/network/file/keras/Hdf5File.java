package io.sparkcam.network.file.keras;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An HDF5 file that may come from anywhere: groups of numbers and text that lie in the file itself.
 * Nothing else is followed or allocated: no links, no storage elsewhere, no compression, no array
 * of another size than the caller expects.
 */
final class Hdf5File {
  /** How many bytes {@link #startsLike} wants to see. */
  static final int SIGNATURE_LENGTH = 8;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  /** Of groups within each other: Keras nests two for each model within a model. */
  private static final int DEEPEST = 24;

  private static final int MOST_NODES = 1 << 16;

  /** Of a text: that of a network of a thousand layers has one megabyte. */
  private static final long LONGEST_TEXT = 1 << 24;

  private final HdfFile file;
  private final String name;

  private Hdf5File(HdfFile file, String name) {
    this.file = file;
    this.name = name;
  }

  /** Whether a file that starts with these bytes is an HDF5 file. */
  static boolean startsLike(byte[] start) {
    return start.length >= SIGNATURE_LENGTH
        && Arrays.equals(start, 0, SIGNATURE_LENGTH, SIGNATURE, 0, SIGNATURE_LENGTH);
  }

  /** Reads part of a file, which must not end before what it promises. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Takes a whole file.
   *
   * @param name of the file, for messages
   */
  static Hdf5File of(ByteBuffer content, String name) throws IOException {
    return guarded(name, () -> new Hdf5File(HdfFile.fromByteBuffer(content), name));
  }

  /** The library trusts what it reads: whatever it throws is the file's fault. */
  private static <T> T guarded(String name, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (RuntimeException | StackOverflowError | ExceptionInInitializerError e) {
      IOException damaged =
          new IOException(
              name + ": cannot be read as HDF5: cut short, damaged, or its arrays lie elsewhere");
      // No cause: the library's own words would be taken for the message.
      damaged.addSuppressed(e);
      throw damaged;
    }
  }

  /** A text attribute of the whole file. */
  Optional<String> text(String attribute) throws IOException {
    return guarded(name, () -> text(file, attribute));
  }

  private Optional<String> text(Node node, String attribute) throws IOException {
    Attribute found = node.getAttribute(attribute);
    if (found == null) {
      return Optional.empty();
    }
    boolean one = found.isScalar() && !found.isEmpty() && found.getJavaType() == String.class;
    if (!one || found.getSizeInBytes() > LONGEST_TEXT) {
      throw new IOException(
          "%s: attribute %s is not one text, expected what Keras writes"
              .formatted(name, attribute));
    }
    String text = (String) found.getData();
    if (text.length() > LONGEST_TEXT) {
      throw new IOException(
          "%s: attribute %s is longer than %s".formatted(name, attribute, LONGEST_TEXT));
    }
    return Optional.of(text);
  }

  boolean has(String group) throws IOException {
    return guarded(name, () -> file.getChildren().containsKey(group));
  }

  /**
   * All arrays in a group and the groups in it.
   *
   * @param group name of a group of the file; empty: the file itself
   * @return arrays by path within the group
   */
  Map<String, Array> arrays(String group) throws IOException {
    return guarded(
        name,
        () -> {
          Node root = group.isEmpty() ? file : file.getChildren().get(group);
          requireInside(root, group);
          return root instanceof Group parent ? arrays(parent) : Map.of();
        });
  }

  private record Place(Group group, String path, int depth) {}

  private Map<String, Array> arrays(Group root) throws IOException {
    Map<String, Array> arrays = new TreeMap<>();
    Deque<Place> open = new ArrayDeque<>();
    open.add(new Place(root, "", 0));
    int nodes = 0;
    while (!open.isEmpty()) {
      Place place = open.remove();
      for (Map.Entry<String, Node> child : place.group.getChildren().entrySet()) {
        String path = place.path + child.getKey();
        requireInside(child.getValue(), path);
        if (++nodes > MOST_NODES || place.depth > DEEPEST) {
          throw new IOException(
              "%s: more than %s groups and arrays, or %s within each other"
                  .formatted(name, MOST_NODES, DEEPEST));
        }
        if (child.getValue() instanceof Group group) {
          open.add(new Place(group, path + "/", place.depth + 1));
        } else if (child.getValue() instanceof Dataset dataset) {
          arrays.put(path, new Array(path, dataset));
        }
      }
    }
    return arrays;
  }

  private void requireInside(Node node, String path) throws IOException {
    if (node != null && node.isLink()) {
      throw new IOException(
          "%s: %s is a link, expected an array in the file itself".formatted(name, shown(path)));
    }
  }

  private static String shown(String path) {
    return path.replaceAll("[^\\x21-\\x7e]", "?");
  }

  /** Numbers in the file. */
  final class Array {
    private final String path;
    private final Dataset dataset;

    private Array(String path, Dataset dataset) {
      this.path = path;
      this.dataset = dataset;
    }

    /** Text beside the numbers or the group that they are in. */
    Optional<String> groupText(String attribute) throws IOException {
      return guarded(name, () -> text(dataset.getParent(), attribute));
    }

    int[] shape() throws IOException {
      return guarded(name, dataset::getDimensions);
    }

    /**
     * The numbers, row-major.
     *
     * @param shape that they must have
     */
    float[] floats(int... shape) throws IOException {
      return guarded(name, () -> read(shape));
    }

    private float[] read(int[] shape) throws IOException {
      long count = 1;
      for (int side : shape) {
        count = Math.multiplyExact(count, side);
      }
      // Sides are longs in the file, and ints here.
      boolean fits = Arrays.equals(dataset.getDimensions(), shape) && dataset.getSize() == count;
      require(
          fits,
          "array of %s, expected %s",
          Arrays.toString(dataset.getDimensions()),
          Arrays.toString(shape));
      require(!dataset.isEmpty(), "holds nothing, expected %d numbers", count);
      require(
          dataset.getDataType() instanceof FloatingPoint,
          "%s, expected numbers of 32 bits",
          dataset.getDataType().getClass().getSimpleName());
      long bytes = Math.multiplyExact(count, dataset.getDataType().getSize());
      Set<String> filters = new TreeSet<>();
      dataset.getFilters().forEach(filter -> filters.add(filter.getName()));
      require(filters.isEmpty(), "compressed (%s), expected plain numbers", filters);
      require(
          dataset.getStorageInBytes() >= bytes,
          "%d bytes in the file, expected %d",
          dataset.getStorageInBytes(),
          bytes);
      if (dataset instanceof ChunkedDataset chunked) {
        long chunk = dataset.getDataType().getSize();
        for (int side : chunked.getChunkDimensions()) {
          chunk = Math.multiplyExact(chunk, side);
        }
        require(chunk <= 2 * bytes, "chunks of %d bytes, expected at most %d", chunk, 2 * bytes);
      }
      Object data = dataset.getDataFlat();
      if (data instanceof float[] floats) {
        return floats;
      }
      require(data instanceof double[], "numbers of other sizes, expected 32 or 64 bits");
      double[] doubles = (double[]) data;
      float[] floats = new float[doubles.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) doubles[i];
      }
      return floats;
    }

    private void require(boolean fits, String found, Object... values) throws IOException {
      if (!fits) {
        throw new IOException(
            name + ": " + shown(path) + ": " + String.format(Locale.ROOT, found, values));
      }
    }
  }
}
