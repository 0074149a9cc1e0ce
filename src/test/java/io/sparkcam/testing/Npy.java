package io.sparkcam.testing;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A NumPy array as {@code numpy.save} writes it: little-endian f4, f8, i4, i8, or u1; its values
 * come in C order (last index fastest) whatever the order in the file. Format: numpy.lib.format,
 * versions 1 to 3.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern TYPE = Pattern.compile("'descr': *'([^']+)'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order': *(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");

  private final String type;
  private final int[] shape;
  private final ByteBuffer values;

  private Npy(String type, int[] shape, ByteBuffer values) {
    this.type = type;
    this.shape = shape;
    this.values = values;
  }

  /** The array in a file of the directory {@code golden}: {@code Npy.golden("logits.npy")}. */
  public static Npy golden(String name) throws IOException {
    try (InputStream in = open("golden/" + name)) {
      return read(name, in);
    }
  }

  /**
   * The arrays of an archive in the directory {@code golden}, without their suffix: {@code
   * goldenArchive("zoom.npz").get("case0_in")}.
   */
  public static Map<String, Npy> goldenArchive(String name) throws IOException {
    return archive("golden/" + name);
  }

  /** The arrays of an archive among the test resources, without their suffix. */
  public static Map<String, Npy> archive(String name) throws IOException {
    Map<String, Npy> arrays = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(open(name))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        arrays.put(
            entry.getName().replaceFirst("\\.npy$", ""), read(name + "/" + entry.getName(), zip));
      }
    }
    return arrays;
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = Npy.class.getResourceAsStream("/" + name);
    if (in == null) {
      throw new FileNotFoundException(name + ": no such test resource");
    }
    return in;
  }

  /** Reads to the end of the stream and leaves it open; {@code name} is for messages. */
  public static Npy read(String name, InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(stream.readAllBytes()));
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException(name + ": not a .npy file");
    }
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    int length =
        version == 1
            ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
            : Integer.reverseBytes(in.readInt());
    String header = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    String type = field(TYPE, name, header);
    int[] shape =
        Pattern.compile(",")
            .splitAsStream(field(SHAPE, name, header))
            .filter(size -> !size.isBlank())
            .mapToInt(size -> Integer.parseInt(size.strip()))
            .toArray();
    byte[] values = in.readAllBytes();
    int expected = count(shape) * itemSize(name, type);
    if (values.length != expected) {
      throw new IOException(name + ": " + values.length + " bytes of values, expected " + expected);
    }
    if (field(FORTRAN, name, header).equals("True")) {
      values = toRowMajor(values, shape, itemSize(name, type));
    }
    return new Npy(type, shape, ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN));
  }

  private static String field(Pattern pattern, String name, String header) throws IOException {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new IOException(name + ": header " + header.strip() + ", expected " + pattern);
    }
    return matcher.group(1);
  }

  private static int itemSize(String name, String type) throws IOException {
    return switch (type) {
      case "|u1" -> 1;
      case "<f4", "<i4" -> 4;
      case "<f8", "<i8" -> 8;
      default ->
          throw new IOException(name + ": type " + type + ", expected |u1, <i4, <i8, <f4 or <f8");
    };
  }

  private static int count(int[] shape) {
    return IntStream.of(shape).reduce(1, Math::multiplyExact);
  }

  private static byte[] toRowMajor(byte[] values, int[] shape, int itemSize) {
    byte[] sorted = new byte[values.length];
    for (int to = 0; to < count(shape); to++) {
      int rest = to;
      int stride = count(shape);
      int from = 0;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        stride /= shape[axis];
        from += rest % shape[axis] * stride;
        rest /= shape[axis];
      }
      System.arraycopy(values, from * itemSize, sorted, to * itemSize, itemSize);
    }
    return sorted;
  }

  /** Sizes of the dimensions; empty for a scalar. */
  public int[] shape() {
    return shape.clone();
  }

  private int count() {
    return count(shape);
  }

  private double value(int index) {
    return switch (type) {
      case "<f4" -> values.getFloat(index * 4);
      case "<f8" -> values.getDouble(index * 8);
      default -> (double) whole(index);
    };
  }

  private long whole(int index) {
    return switch (type) {
      case "|u1" -> Byte.toUnsignedLong(values.get(index));
      case "<i4" -> values.getInt(index * 4);
      case "<i8" -> values.getLong(index * 8);
      default ->
          throw new IllegalStateException("array of type " + type + ", expected whole numbers");
    };
  }

  /** The values of an array of any type. */
  public double[] doubles() {
    return IntStream.range(0, count()).mapToDouble(this::value).toArray();
  }

  /** The values of an array of any type, rounded to single precision. */
  public float[] floats() {
    float[] floats = new float[count()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) value(i);
    }
    return floats;
  }

  /** The values of an array of whole numbers. */
  public long[] longs() {
    return IntStream.range(0, count()).mapToLong(this::whole).toArray();
  }

  /** The values of an array of unsigned bytes. */
  public byte[] bytes() {
    if (!type.equals("|u1")) {
      throw new IllegalStateException("array of type " + type + ", expected |u1");
    }
    byte[] bytes = new byte[count()];
    values.get(0, bytes);
    return bytes;
  }
}
