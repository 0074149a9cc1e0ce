package io.sparkcam.training;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.network.TrainingState;
import io.sparkcam.storage.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint as a file, with what it belongs to.
 *
 * <ol>
 *   <li>{@code "SparkCAM checkpoint 2\n"}
 *   <li>length of the header in bytes, an int, big-endian
 *   <li>the header, JSON in UTF-8: origin, counters, sums of the epoch so far, history
 *   <li>parameters, Adam's moments (twice as many), velocity and average of the {@link OuterLoop}
 *       (as many each, or none): floats, little-endian
 *   <li>SHA-256 of everything before
 * </ol>
 *
 * @param origin data and settings that the result follows from, by names for people
 */
public record CheckpointFile(Map<String, String> origin, TrainingCheckpoint checkpoint) {
  private static final byte[] MAGIC = "SparkCAM checkpoint 2\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;
  private static final int VALUES_OF_ADAM = 2;
  private static final JsonMapper JSON = new JsonMapper();

  public CheckpointFile {
    origin = Collections.unmodifiableMap(new LinkedHashMap<>(origin));
  }

  private record Header(
      Map<String, String> origin,
      int epoch,
      PartialEpoch partial,
      int iteration,
      int parameters,
      int velocity,
      int average,
      List<EpochRecord> history) {
    /** As they follow each other. */
    int[] lengths() {
      return new int[] {parameters, VALUES_OF_ADAM * parameters, velocity, average};
    }
  }

  /** The file's bytes. */
  public byte[] bytes() throws IOException {
    TrainingState state = checkpoint.state();
    OuterLoop.State outer = checkpoint.outer();
    byte[] header =
        JSON.writeValueAsBytes(
            new Header(
                origin,
                checkpoint.epoch(),
                checkpoint.partial(),
                state.iteration(),
                state.parameters().length,
                outer.velocity().length,
                outer.average().length,
                checkpoint.history()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(MAGIC);
    out.write(ByteBuffer.allocate(Integer.BYTES).putInt(header.length).array());
    out.write(header);
    out.write(
        FloatBytes.of(state.parameters(), state.moments(), outer.velocity(), outer.average()));
    out.write(Sha256.digest().digest(out.toByteArray()));
    return out.toByteArray();
  }

  /**
   * Reads a file.
   *
   * @param name for messages
   * @throws IOException if it is none, or damaged
   */
  public static CheckpointFile read(byte[] bytes, String name) throws IOException {
    int length = bytes.length - DIGEST;
    if (length < MAGIC.length + Integer.BYTES
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IOException(
          name + ": " + bytes.length + " bytes that do not begin as a checkpoint of this version");
    }
    byte[] digest = Arrays.copyOfRange(bytes, length, bytes.length);
    if (!MessageDigest.isEqual(Sha256.digest().digest(Arrays.copyOf(bytes, length)), digest)) {
      throw new IOException(
          name + ": " + bytes.length + " bytes, whose SHA-256 is not the one at their end");
    }
    int header = ByteBuffer.wrap(bytes, MAGIC.length, Integer.BYTES).getInt();
    int start = MAGIC.length + Integer.BYTES;
    Header read = JSON.readValue(bytes, start, header, Header.class);
    byte[] values = Arrays.copyOfRange(bytes, start + header, length);
    int[] lengths = read.lengths();
    long expected = Arrays.stream(lengths).asLongStream().sum() * Float.BYTES;
    if (values.length != expected) {
      throw new IOException(
          "%s: %s bytes of values, expected %s for %s parameters"
              .formatted(name, values.length, expected, read.parameters()));
    }
    float[][] arrays = new float[lengths.length][];
    int from = 0;
    for (int i = 0; i < lengths.length; i++) {
      arrays[i] = FloatBytes.read(values, from, lengths[i]);
      from += lengths[i];
    }
    TrainingState state = new TrainingState(arrays[0], arrays[1], read.iteration());
    OuterLoop.State outer = new OuterLoop.State(arrays[2], arrays[3]);
    return new CheckpointFile(
        read.origin(),
        new TrainingCheckpoint(read.epoch(), read.partial(), state, outer, read.history()));
  }
}
