package io.sparkcam.data.image;

import io.sparkcam.data.ImageShape;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What images declare, before any is decoded: how many of which shape. */
public final class ShapeVote implements Serializable {
  private static final long serialVersionUID = 1L;

  /** By height, width and channels. */
  private final HashMap<List<Integer>, Long> shapes = new HashMap<>();

  private long records;

  /** Counts a record; one that declares nothing has no vote. */
  public void add(ImageForm form, Object content) {
    records++;
    try {
      ImageShape shape = form.shape(content);
      shapes.merge(List.of(shape.height(), shape.width(), shape.channels()), 1L, Long::sum);
    } catch (BadRecordException e) {
      // Whoever decodes it says so.
      return;
    }
  }

  /** Adds another vote to this one. */
  public ShapeVote add(ShapeVote other) {
    records += other.records;
    other.shapes.forEach((shape, count) -> shapes.merge(shape, count, Long::sum));
    return this;
  }

  /** All that were added, also those that declare nothing. */
  public long records() {
    return records;
  }

  /**
   * The shape that most records declare; of equals, the smallest. Empty where none declares one.
   */
  public Optional<ImageShape> shape() {
    return shapes.entrySet().stream()
        .map(
            e ->
                Map.entry(
                    new ImageShape(e.getKey().get(0), e.getKey().get(1), e.getKey().get(2)),
                    e.getValue()))
        .max(Map.Entry.<ImageShape, Long>comparingByValue().thenComparing(e -> -e.getKey().size()))
        .map(Map.Entry::getKey);
  }
}
