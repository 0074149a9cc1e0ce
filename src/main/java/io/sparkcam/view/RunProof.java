package io.sparkcam.view;

import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.inputs.ExplainableModel;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.storage.Storage;
import io.sparkcam.table.PartFile;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * One image's logits for whoever believes nobody: a statement for DuckDB that holds the dense
 * layer's weights, reads the image's row where it is published, and computes {@code logit_c = sum
 * over k of mean(features_k) * w[k, c] + bias_c} beside what the row says.
 */
public final class RunProof {
  private RunProof() {}

  /**
   * The statement, with the digests of what it was made of as comments before it.
   *
   * @param index of the image, 0-based
   */
  public static String of(PublishedRun run, int index) throws IOException {
    run.requireImage(index);
    PartFile part =
        run.entry().parts().stream()
            .filter(each -> each.rows() > 0 && index >= each.firstId() && index <= each.lastId())
            .findFirst()
            .orElseThrow(() -> new IOException(run.directory() + ": no part has id " + index));
    if (!run.shape().method().method().addsUp()) {
      throw new IOException(
          run.directory() + ": its maps are of gradients, and those do not add up to logits");
    }
    ExplainableModel model = run.model();
    CamNetwork network = model.network();
    ExplanationShape shape = run.shape();
    // A flattened image is one cell of as many channels as it has values.
    int cells = network.isFlattened() ? 1 : shape.cells();
    int channels = shape.features() / cells;
    float[] weights = network.denseWeights(model.parameters());
    float[] bias = network.denseBias(model.parameters());
    StringBuilder layer = new StringBuilder();
    for (int c = 0; c < bias.length; c++) {
      layer.append(c == 0 ? "" : ",\n").append("    (").append(c).append(", ").append(bias[c]);
      for (int k = 0; k < channels; k++) {
        layer.append(k == 0 ? ", [" : ", ").append(weights[k * bias.length + c]);
      }
      layer.append("])");
    }
    String file = Storage.name(new Path(run.directory(), run.entry().path(part)));
    return """
        -- image %1$s of run %2$s
        -- %3$s has SHA-256 %4$s
        -- the model has SHA-256 %5$s
        WITH dense(class, bias, weights) AS (
          VALUES
        %6$s
        ),
        image AS (
          SELECT id, features, logits FROM read_parquet('%7$s') WHERE id = %1$s
        ),
        pooled AS (
          SELECT logits, list_transform(range(1, %8$s + 1), k -> list_avg(list_transform(
            range(0, %9$s), cell -> features[k + cell * %8$s]::DOUBLE))) AS means
          FROM image
        )
        SELECT class, logits[class + 1] AS published,
          list_dot_product(means, weights::DOUBLE[]) + bias AS recomputed
        FROM pooled, dense ORDER BY class;
        """
        .formatted(
            index,
            run.manifest().runId(),
            run.entry().path(part),
            part.sha256(),
            run.manifest().origin().modelSha256(),
            layer,
            file.replace("'", "''"),
            channels,
            cells);
  }
}
