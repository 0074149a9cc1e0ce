package io.sparkcam.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.training.EpochRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.util.PureJavaCrc32C;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.protobuf.UnknownFieldSet;

class TensorBoardEventsTest {
  private static EpochRecord epoch(int number, double valLoss) {
    return new EpochRecord(number, 0.5, 0.75, valLoss, 0.25, 0.004, 2, 100, 0, 0, 0, 0);
  }

  /** Its masked checksum, by TensorFlow's definition. */
  private static int masked(byte[] bytes) {
    PureJavaCrc32C crc = new PureJavaCrc32C();
    crc.update(bytes, 0, bytes.length);
    int value = (int) crc.getValue();
    return ((value >>> 15) | (value << 17)) + 0xa282ead8;
  }

  private static List<UnknownFieldSet> events(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<UnknownFieldSet> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(masked(length), in.getInt());
      byte[] event = new byte[(int) ByteBuffer.wrap(length).order(in.order()).getLong()];
      in.get(event);
      assertEquals(masked(event), in.getInt());
      events.add(UnknownFieldSet.parseFrom(event));
    }
    return events;
  }

  private static String values(UnknownFieldSet event) throws IOException {
    StringBuilder values = new StringBuilder();
    for (var summary : event.getField(5).getLengthDelimitedList()) {
      for (var each : UnknownFieldSet.parseFrom(summary).getField(1).getLengthDelimitedList()) {
        UnknownFieldSet value = UnknownFieldSet.parseFrom(each);
        values
            .append(value.getField(1).getLengthDelimitedList().get(0).toStringUtf8())
            .append(' ')
            .append(Float.intBitsToFloat(value.getField(2).getFixed32List().get(0)))
            .append(' ');
      }
    }
    return values.toString();
  }

  @Test
  void anEventAnEpoch() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    List<EpochRecord> epochs = List.of(epoch(1, 0.125), epoch(2, Double.NaN));
    TensorBoardEvents.write(epochs, Instant.ofEpochSecond(1000), file);
    List<UnknownFieldSet> events = events(file.toByteArray());
    assertEquals(3, events.size());
    assertEquals(
        "brain.Event:2",
        events.get(0).getField(3).getLengthDelimitedList().get(0).toStringUtf8());
    assertEquals(
        "loss 0.5 accuracy 0.75 val_loss 0.125 val_accuracy 0.25 learning_rate 0.004"
            + " images_per_s 100.0 ",
        values(events.get(1)));
    assertEquals(
        "loss 0.5 accuracy 0.75 val_accuracy 0.25 learning_rate 0.004 images_per_s 100.0 ",
        values(events.get(2)));
    List<Double> times = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (UnknownFieldSet event : events) {
      times.add(Double.longBitsToDouble(event.getField(1).getFixed64List().get(0)));
      steps.add(event.getField(2).getVarintList().get(0));
    }
    assertEquals(List.of(996.0, 998.0, 1000.0), times);
    assertEquals(List.of(0L, 1L, 2L), steps);
  }
}
