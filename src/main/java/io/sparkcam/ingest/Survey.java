package io.sparkcam.ingest;

import io.sparkcam.dataset.ImageShape;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the records of a part declare, before any is decoded: how many of which shape. */
final class Survey implements Serializable {
  private static final long serialVersionUID = 1L;

  /** By height, width and channels. */
  private final HashMap<List<Integer>, Long> shapes = new HashMap<>();

  private long records;

  private Survey() {}

  static Survey of(Dataset<Row> records, ImageForm form) {
    return records
        .select("content")
        .toJavaRDD()
        .mapPartitions(new LookAtPartition(form))
        .treeReduce(Survey::add);
  }

  /** All of them, also those that declare nothing. */
  long records() {
    return records;
  }

  /** The shape that most records declare; of equals, the smallest. */
  Optional<ImageShape> shape() {
    Comparator<Map.Entry<List<Integer>, Long>> byCount = Map.Entry.comparingByValue();
    return shapes.entrySet().stream()
        .max(byCount.thenComparing(e -> e.getKey().toString(), Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .map(sizes -> new ImageShape(sizes.get(0), sizes.get(1), sizes.get(2)));
  }

  private Survey add(Survey other) {
    records += other.records;
    other.shapes.forEach((shape, count) -> shapes.merge(shape, count, Long::sum));
    return this;
  }

  private void add(ImageForm form, Object content) {
    records++;
    try {
      ImageShape shape = form.shape(content);
      shapes.merge(List.of(shape.height(), shape.width(), shape.channels()), 1L, Long::sum);
    } catch (BadRecordException e) {
      // Whoever decodes it says so.
      return;
    }
  }

  private static final class LookAtPartition implements FlatMapFunction<Iterator<Row>, Survey> {
    private static final long serialVersionUID = 1L;
    private final ImageForm form;

    LookAtPartition(ImageForm form) {
      this.form = form;
    }

    @Override
    public Iterator<Survey> call(Iterator<Row> rows) {
      Survey survey = new Survey();
      while (rows.hasNext()) {
        Row row = rows.next();
        survey.add(form, Records.content(row, 0));
      }
      return List.of(survey).iterator();
    }
  }
}
