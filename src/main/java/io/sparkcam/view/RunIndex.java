package io.sparkcam.view;

import io.sparkcam.config.Setting;
import io.sparkcam.run.Manifest;
import io.sparkcam.view.html.HtmlReport;
import io.sparkcam.view.html.RunReport.Fact;
import io.sparkcam.view.html.TablePage;
import io.sparkcam.view.html.TablePage.Cell;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The page of all published runs of a directory, the newest first, out of their manifests. */
public final class RunIndex {
  private static final List<String> COLUMNS =
      List.of("run", "published", "data", "images", "test accuracy", "test loss", "model");

  private RunIndex() {}

  /** Writes the page. What is no published run is passed over, one that cannot be read is named. */
  public static void write(Path output, Configuration configuration, OutputStream out)
      throws IOException {
    FileSystem files = output.getFileSystem(configuration);
    List<Manifest> manifests = new ArrayList<>();
    List<Fact> facts = new ArrayList<>();
    for (FileStatus entry : files.listStatus(output)) {
      String name = entry.getPath().getName();
      if (entry.isDirectory()
          && !name.startsWith(".")
          && files.exists(new Path(entry.getPath(), Manifest.NAME))) {
        try {
          manifests.add(Manifest.read(entry.getPath(), configuration));
        } catch (IOException e) {
          facts.add(new Fact("cannot be read", e.getMessage()));
        }
      }
    }
    facts.add(0, new Fact("runs", Integer.toString(manifests.size())));
    manifests.sort(Comparator.comparing(Manifest::created).reversed());
    HtmlReport.write(
        new TablePage(
            "Runs in " + output.getName(),
            "A run's name leads to its report.",
            facts,
            COLUMNS,
            manifests.stream().map(RunIndex::row).toList()),
        out);
  }

  private static List<Cell> row(Manifest manifest) {
    boolean reported = manifest.files().stream().anyMatch(file -> file.name().equals(Report.NAME));
    String data = manifest.origin().settings().getOrDefault(Setting.DATA.key(), "");
    return List.of(
        new Cell(manifest.runId(), reported ? manifest.runId() + "/" + Report.NAME : ""),
        Cell.of(manifest.created()),
        Cell.of(data.isEmpty() ? "Fashion-MNIST" : data),
        Cell.of(
            manifest
                .explanations()
                .map(table -> String.format(Locale.ROOT, "%,d", table.rows()))
                .orElse("\u2013")),
        metric(manifest, "test_accuracy"),
        metric(manifest, "test_loss"),
        Cell.of(manifest.origin().modelSha256().substring(0, 12)));
  }

  private static Cell metric(Manifest manifest, String name) {
    Double value = manifest.metrics().get(name);
    return Cell.of(value == null ? "\u2013" : String.format(Locale.ROOT, "%.4f", value));
  }
}
