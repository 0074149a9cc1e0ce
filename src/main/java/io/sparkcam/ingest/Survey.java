package io.sparkcam.ingest;

import io.sparkcam.data.image.ImageForm;
import io.sparkcam.data.image.ShapeVote;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the records of a part declare, before any is decoded. */
final class Survey {
  private Survey() {}

  static ShapeVote of(Dataset<Row> records, ImageForm form) {
    return records
        .select("content")
        .toJavaRDD()
        .mapPartitions(new LookAtPartition(form))
        .treeReduce(ShapeVote::add);
  }

  private static final class LookAtPartition implements FlatMapFunction<Iterator<Row>, ShapeVote> {
    private static final long serialVersionUID = 1L;
    private final ImageForm form;

    LookAtPartition(ImageForm form) {
      this.form = form;
    }

    @Override
    public Iterator<ShapeVote> call(Iterator<Row> rows) {
      ShapeVote vote = new ShapeVote();
      while (rows.hasNext()) {
        vote.add(form, Records.content(rows.next(), 0));
      }
      return List.of(vote).iterator();
    }
  }
}
