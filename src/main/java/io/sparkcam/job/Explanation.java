package io.sparkcam.job;

import io.sparkcam.aggregate.ExplanationSums;
import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.ReleasedBroadcast;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.explain.CamMethods;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.FaithfulnessPlan;
import io.sparkcam.run.FinishedPart;
import io.sparkcam.run.PartFiles;
import io.sparkcam.table.PartFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** Explains images with a broadcast network. */
public final class Explanation {
  private Explanation() {}

  /**
   * What was written.
   *
   * @param parts the files that count, in the order of the partitions
   * @param sums of all their rows
   */
  public record Written(List<PartFile> parts, ExplanationSums sums) {
    public Written {
      parts = List.copyOf(parts);
    }
  }

  /** Writes the explanations without any measure of their faithfulness. */
  public static Written write(
      JavaSparkContext sc,
      BroadcastModel.Handle model,
      JavaRDD<ImageBlock> images,
      PartFiles attempts,
      int batchSize)
      throws IOException {
    return write(sc, model, images, attempts, batchSize, CamMethods.CAM, FaithfulnessPlan.NONE);
  }

  /**
   * Writes one file a partition, named by task attempt, but for those that are finished already.
   *
   * @param images in the order of their ids
   * @param attempts where; may hold files of failed attempts afterwards
   * @param batchSize images of one forward pass
   * @param method that makes the maps
   * @param faithfulness what to measure of the maps
   */
  public static Written write(
      JavaSparkContext sc,
      BroadcastModel.Handle model,
      JavaRDD<ImageBlock> images,
      PartFiles attempts,
      int batchSize,
      CamMethods method,
      FaithfulnessPlan faithfulness)
      throws IOException {
    try (var configuration =
        new ReleasedBroadcast<>(sc, new SerializableConfiguration(sc.hadoopConfiguration()))) {
      ExplanationSums sums =
          new ExplanationSums(
              ExplanationShape.of(model.model(), method).with(faithfulness.columns()),
              faithfulness.columns());
      List<PartFile> parts = new ArrayList<>();
      for (FinishedPart finished :
          images
              .mapPartitionsWithIndex(
                  new ExplainTask(
                      model, configuration.handle(), attempts, batchSize, method, faithfulness),
                  true)
              .collect()) {
        parts.add(finished.part());
        sums.add(finished.sums());
      }
      return new Written(parts, sums);
    }
  }
}
