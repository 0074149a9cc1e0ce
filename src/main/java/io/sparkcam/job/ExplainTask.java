package io.sparkcam.job;

import io.sparkcam.aggregate.ExplanationSums;
import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.explain.CamMethods;
import io.sparkcam.explain.CellMeter;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.FaithfulnessMeter;
import io.sparkcam.explain.FaithfulnessPlan;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.run.FinishedPart;
import io.sparkcam.run.PartFiles;
import io.sparkcam.table.ExplanationSchema;
import io.sparkcam.table.ExplanationWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Explains one partition into one file of the table, a batch in memory at a time, and adds up what
 * the aggregates are made of.
 */
final class ExplainTask
    implements Function2<Integer, Iterator<ImageBlock>, Iterator<FinishedPart>> {
  private static final long serialVersionUID = 1L;

  private final BroadcastModel.Handle model;
  private final Broadcast<SerializableConfiguration> configuration;
  private final PartFiles attempts;
  private final int batchSize;
  private final CamMethods method;
  private final FaithfulnessPlan faithfulness;

  ExplainTask(
      BroadcastModel.Handle model,
      Broadcast<SerializableConfiguration> configuration,
      PartFiles attempts,
      int batchSize,
      CamMethods method,
      FaithfulnessPlan faithfulness) {
    this.model = model;
    this.configuration = configuration;
    this.attempts = attempts;
    this.batchSize = batchSize;
    this.method = method;
    this.faithfulness = faithfulness;
  }

  /**
   * The file's name holds the attempt: attempts never share a file, and the driver keeps the one
   * whose result it got.
   */
  @Override
  public Iterator<FinishedPart> call(Integer partition, Iterator<ImageBlock> blocks)
      throws IOException {
    Configuration hadoop = configuration.value().value();
    Optional<FinishedPart> finished = attempts.finished(partition, hadoop);
    if (finished.isPresent()) {
      return List.of(finished.get()).iterator();
    }
    Path file = attempts.file(partition, TaskContext.get().taskAttemptId());
    FinishedPart[] written = new FinishedPart[1];
    model.classify(
        classifier -> {
          try {
            written[0] = write(file, rows(classifier), blocks);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    attempts.finish(partition, written[0], hadoop);
    return List.of(written).iterator();
  }

  /** Fills a batch with the rows of some images of a block. */
  @FunctionalInterface
  private interface Rows {
    void explain(ImageBlock block, int first, int count, ExplanationBatch batch);

    default Rows then(Rows next) {
      return (block, first, count, batch) -> {
        explain(block, first, count, batch);
        next.explain(block, first, count, batch);
      };
    }
  }

  private Rows rows(ForwardPass classifier) {
    Explainer explainer =
        new Explainer(method.method(), model.model(), classifier, model.parameters());
    Rows rows = explainer::explain;
    if (faithfulness.measures()) {
      FaithfulnessMeter meter =
          new FaithfulnessMeter(model.model(), classifier, faithfulness, batchSize);
      rows = rows.then((block, first, count, batch) -> meter.measure(block, first, batch));
    }
    if (faithfulness.measuresCells()) {
      CellMeter meter = new CellMeter(model.model(), model.parameters(), faithfulness);
      rows = rows.then((block, first, count, batch) -> meter.measure(batch));
    }
    return rows;
  }

  private FinishedPart write(Path file, Rows explainer, Iterator<ImageBlock> blocks)
      throws IOException {
    ExplanationSchema schema =
        ExplanationSchema.of(ExplanationShape.of(model.model(), method), faithfulness);
    ExplanationBatch batch = new ExplanationBatch(schema.shape(), batchSize, faithfulness.labels());
    ExplanationSums sums = new ExplanationSums(schema.shape(), schema.groups());
    Configuration hadoop = configuration.value().value();
    try (ExplanationWriter writer = ExplanationWriter.create(file, schema, hadoop)) {
      while (blocks.hasNext()) {
        ImageBlock block = blocks.next();
        for (int first = 0; first < block.count(); first += batchSize) {
          explainer.explain(block, first, Math.min(batchSize, block.count() - first), batch);
          writer.write(batch);
          sums.add(batch);
        }
      }
      return new FinishedPart(writer.finish(), sums.bytes());
    }
  }
}
