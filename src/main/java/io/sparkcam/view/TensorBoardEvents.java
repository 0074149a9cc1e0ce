package io.sparkcam.view;

import io.sparkcam.training.EpochRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;
import org.nd4j.shade.protobuf.CodedOutputStream;

/**
 * The training history as TensorBoard reads it: a record an epoch of TensorFlow's {@code TFRecord}
 * file, each an {@code Event} with a {@code Summary} of numbers named as in {@code history.jsonl}
 * (tensorflow/core/util/event.proto, tensorflow/core/lib/io/record_writer.h).
 */
public final class TensorBoardEvents {
  /** Name of the file; TensorBoard looks for its middle. */
  public static final String NAME = "events.out.tfevents.sparkcam";

  private static final int MASK = 0xa282ead8;

  private interface Message {
    void write(CodedOutputStream out) throws IOException;
  }

  private TensorBoardEvents() {}

  /**
   * Writes the epochs.
   *
   * @param end when the last one ended
   */
  public static void write(List<EpochRecord> epochs, Instant end, OutputStream out)
      throws IOException {
    double time = end.toEpochMilli() / 1e3;
    for (EpochRecord epoch : epochs) {
      time -= epoch.seconds();
    }
    record(out, event(time, 0, event -> event.writeString(3, "brain.Event:2")));
    for (EpochRecord epoch : epochs) {
      time += epoch.seconds();
      byte[] summary =
          bytes(
              values -> {
                value(values, "loss", epoch.loss());
                value(values, "accuracy", epoch.accuracy());
                value(values, "val_loss", epoch.valLoss());
                value(values, "val_accuracy", epoch.valAccuracy());
                value(values, "learning_rate", epoch.learningRate());
                value(values, "images_per_s", epoch.imagesPerSecond());
              });
      record(out, event(time, epoch.epoch(), event -> event.writeByteArray(5, summary)));
    }
  }

  private static byte[] event(double time, int step, Message what) throws IOException {
    return bytes(
        event -> {
          event.writeDouble(1, time);
          event.writeInt64(2, step);
          what.write(event);
        });
  }

  /** Without one where validation found nothing to look at. */
  private static void value(CodedOutputStream summary, String tag, double number)
      throws IOException {
    if (!Double.isNaN(number)) {
      summary.writeByteArray(
          1,
          bytes(
              value -> {
                value.writeString(1, tag);
                value.writeFloat(2, (float) number);
              }));
    }
  }

  private static byte[] bytes(Message message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    message.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** Its length and itself, each with its checksum, little-endian. */
  private static void record(OutputStream out, byte[] data) throws IOException {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + data.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(record.array(), Long.BYTES));
    record.put(data).putInt(masked(data, data.length));
    out.write(record.array());
  }

  private static int masked(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
