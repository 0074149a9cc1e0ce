package io.sparkcam.explain;

import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.sink.Attempts;
import io.sparkcam.sink.ExplanationBatch;
import io.sparkcam.sink.ExplanationSchema;
import io.sparkcam.sink.ExplanationWriter;
import io.sparkcam.sink.PartFile;
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

/** Explains one partition into one file of the table, a batch in memory at a time. */
final class ExplainTask implements Function2<Integer, Iterator<ImageBlock>, Iterator<PartFile>> {
  private static final long serialVersionUID = 1L;

  private final BroadcastModel.Handle model;
  private final Broadcast<SerializableConfiguration> configuration;
  private final Attempts attempts;
  private final int batchSize;

  ExplainTask(
      BroadcastModel.Handle model,
      Broadcast<SerializableConfiguration> configuration,
      Attempts attempts,
      int batchSize) {
    this.model = model;
    this.configuration = configuration;
    this.attempts = attempts;
    this.batchSize = batchSize;
  }

  /**
   * The file's name holds the attempt: attempts never share a file, and the driver keeps the one
   * whose result it got.
   */
  @Override
  public Iterator<PartFile> call(Integer partition, Iterator<ImageBlock> blocks)
      throws IOException {
    Configuration hadoop = configuration.value().value();
    Optional<PartFile> finished = attempts.finished(partition, hadoop);
    if (finished.isPresent()) {
      return List.of(finished.get()).iterator();
    }
    Path file = attempts.file(partition, TaskContext.get().taskAttemptId());
    PartFile[] written = new PartFile[1];
    model.classify(
        classifier -> {
          Explainer explainer = new Explainer(model.model(), classifier, model.parameters());
          try {
            written[0] = write(file, explainer, blocks);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    attempts.finish(partition, written[0], hadoop);
    return List.of(written).iterator();
  }

  private PartFile write(Path file, Explainer explainer, Iterator<ImageBlock> blocks)
      throws IOException {
    ExplanationSchema schema = ExplanationSchema.of(Explainer.tableShape(model.model()));
    ExplanationBatch batch = new ExplanationBatch(schema.shape(), batchSize);
    Configuration hadoop = configuration.value().value();
    try (ExplanationWriter writer = ExplanationWriter.create(file, schema, hadoop)) {
      while (blocks.hasNext()) {
        ImageBlock block = blocks.next();
        for (int first = 0; first < block.count(); first += batchSize) {
          explainer.explain(block, first, Math.min(batchSize, block.count() - first), batch);
          writer.write(batch);
        }
      }
      return writer.finish();
    }
  }
}
