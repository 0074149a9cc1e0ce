package io.sparkcam.network.file;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A vector as {@code Nd4j.write} lays it out, big-endian: a buffer of longs (rank, shape, strides,
 * two flags, order), then a buffer of the elements; before each buffer the way it was allocated,
 * its length and its type. {@code Nd4j.read} would allocate, and decompress, whatever that says;
 * this reads as many elements as the caller expects, or none.
 */
final class StoredArray {
  /** What ND4J writes since 1.0.0-beta; before, lengths were shorter. */
  private static final Set<String> ALLOCATIONS = Set.of("LONG_SHAPE", "MIXED_DATA_TYPES");

  /** Beside shape and strides: the rank, two flags and the order. */
  private static final int FURTHER = 4;

  private final DataInputStream in;
  private final String place;

  private StoredArray(DataInputStream in, String place) {
    this.in = in;
    this.place = place;
  }

  /**
   * Reads (count) or (1, count), of floats or doubles.
   *
   * @param place for messages
   * @param count of elements, so few that they fit into an array of bytes
   */
  static INDArray read(DataInputStream in, String place, long count) throws IOException {
    return new StoredArray(in, place).read(count);
  }

  private INDArray read(long count) throws IOException {
    Buffer information = buffer();
    long rank = information.length == 6 ? 1 : 2;
    if (!information.type.equals("LONG") || information.length != 2 * rank + FURTHER) {
      throw new IOException(
          "%s: shape of %s numbers, expected that of a vector"
              .formatted(place, information.length));
    }
    boolean vector = in.readLong() == rank;
    vector &= rank == 1 || in.readLong() == 1;
    vector &= in.readLong() == count;
    in.skipNBytes((rank + FURTHER - 1) * Long.BYTES);
    Buffer elements = buffer();
    if (!vector || elements.length != count) {
      throw new IOException(
          "%s: %s elements, expected a vector of %s".formatted(place, elements.length, count));
    }
    long[] shape = rank == 1 ? new long[] {count} : new long[] {1, count};
    return switch (elements.type) {
      case "FLOAT" -> {
        float[] values = new float[(int) count];
        content(count, Float.BYTES).asFloatBuffer().get(values);
        yield Nd4j.create(values, shape, 'c');
      }
      case "DOUBLE" -> {
        double[] values = new double[(int) count];
        content(count, Double.BYTES).asDoubleBuffer().get(values);
        yield Nd4j.create(values, shape, 'c');
      }
      default -> throw new IOException(place + ": elements are neither FLOAT nor DOUBLE");
    };
  }

  private ByteBuffer content(long count, int size) throws IOException {
    int expected = Math.toIntExact(count * size);
    byte[] bytes = in.readNBytes(expected);
    if (bytes.length < expected) {
      throw new IOException(
          "%s: ends in element %s of %s".formatted(place, bytes.length / size, count));
    }
    return ByteBuffer.wrap(bytes);
  }

  private record Buffer(long length, String type) {}

  private Buffer buffer() throws IOException {
    String allocation = in.readUTF();
    if (!ALLOCATIONS.contains(allocation)) {
      throw new IOException(place + ": is not what Nd4j.write leaves since 1.0.0-beta");
    }
    long length = in.readLong();
    return new Buffer(length, in.readUTF());
  }
}
