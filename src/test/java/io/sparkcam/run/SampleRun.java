package io.sparkcam.run;

import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.table.ExplanationSchema;
import io.sparkcam.table.ExplanationWriter;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.SampleExplanations;
import io.sparkcam.table.TableEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;

/** A small run as the job would make one: two parts, a model, a history and a report. */
public final class SampleRun {
  public static final ExplanationShape SHAPE = SampleExplanations.SMALL;
  public static final Configuration CONFIGURATION = new Configuration();
  public static final RunOrigin ORIGIN =
      new RunOrigin(
          List.of(new RunOrigin.Input("images.gz", "00ff".repeat(16), 70)),
          List.of("cat", "dog"),
          "0f".repeat(32),
          Map.of("epochs", "5"),
          42,
          2,
          1,
          Map.of("spark", "3.5.5"));

  private SampleRun() {}

  /** Writes one part as a task would. */
  public static PartFile part(RunDirectory run, int partition, long attempt, ExplanationBatch rows)
      throws IOException {
    org.apache.hadoop.fs.Path file = PartFiles.in(run.attempts()).file(partition, attempt);
    return part(file, rows);
  }

  public static PartFile part(org.apache.hadoop.fs.Path file, ExplanationBatch rows)
      throws IOException {
    try (var writer =
        ExplanationWriter.create(file, ExplanationSchema.of(rows.shape()), CONFIGURATION)) {
      writer.write(rows);
      return writer.finish();
    }
  }

  public static Manifest manifest(RunDirectory run, List<PartFile> parts) {
    return new Manifest(
        Manifest.FORMAT,
        "sample",
        "2026-01-31T12:00:00Z",
        ORIGIN,
        Map.of("test_accuracy", 0.875),
        List.of(TableEntry.explanations(SHAPE, parts)),
        run.files());
  }

  /** Publishes {@code output/sample} with 40 rows and 30. */
  public static Path publish(Path output) throws IOException {
    return publish(output, rows -> rows);
  }

  /** Publishes it with other rows in the second part, whose ids go from 40 to 69. */
  public static Path publish(Path output, UnaryOperator<ExplanationBatch> tampering)
      throws IOException {
    SampleExplanations samples = new SampleExplanations(SHAPE);
    try (RunDirectory run = RunDirectory.begin(output.toString(), "sample", CONFIGURATION)) {
      List<PartFile> written = new ArrayList<>();
      written.add(part(run, 1, 8, tampering.apply(samples.batch(40, 70))));
      written.add(part(run, 0, 7, samples.batch(0, 40)));
      List<PartFile> parts = run.adopt(written);
      run.write("history.jsonl", text("{\"epoch\":1}\n"));
      run.write("model.zip", text("a model"));
      run.write("report/index.html", text("<html></html>"));
      run.publish(manifest(run, parts), (staged, manifest) -> {});
    }
    return output.resolve("sample");
  }

  public static RunDirectory.Content text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
