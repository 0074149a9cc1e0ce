package io.sparkcam.view;

import io.sparkcam.config.Setting;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.run.ListedFile;
import io.sparkcam.run.Manifest;
import io.sparkcam.run.RunOrigin;
import io.sparkcam.table.PartFile;
import io.sparkcam.view.html.RunReport.Fact;
import io.sparkcam.view.html.RunReport.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a report says of where a run comes from: its manifest, but for what differs each time. */
final class Provenance {
  /** One records seconds, the other cannot name its own hash. */
  private static final Set<String> LEFT_OUT = Set.of(TrainingHistory.NAME, TensorBoardEvents.NAME, Report.NAME);

  private Provenance() {}

  static Origin of(PublishedRun run, String created) {
    Manifest manifest = run.manifest();
    RunOrigin origin = manifest.origin();
    String data = origin.settings().getOrDefault(Setting.DATA.key(), "");
    List<Fact> settings = facts(origin.settings());
    settings.add(new Fact("shards", Integer.toString(origin.workers())));
    return new Origin(
        manifest.runId(),
        created,
        data.isEmpty() ? "Fashion-MNIST" : data,
        model(run.shape(), origin.modelSha256()),
        settings,
        facts(origin.versions()),
        origin.inputs().stream()
            .map(input -> fact(input.name(), input.count(), "items", input.sha256()))
            .toList(),
        outputs(run));
  }

  private static String model(ExplanationShape shape, String sha256) {
    return String.format(
        Locale.ROOT,
        "%d classes from features of %d \u00d7 %d \u00d7 %d, SHA-256 %.12s\u2026",
        shape.classes(),
        shape.featureHeight(),
        shape.featureWidth(),
        shape.channels(),
        sha256);
  }

  private static List<Fact> facts(Map<String, String> recorded) {
    List<Fact> facts = new ArrayList<>();
    recorded.forEach(
        (name, value) -> {
          boolean said = value != null && !value.isEmpty(); // null: a version that a jar conceals
          facts.add(new Fact(name, said ? value : "\u2013"));
        });
    return facts;
  }

  private static List<Fact> outputs(PublishedRun run) {
    List<Fact> outputs = new ArrayList<>();
    for (ListedFile file : run.manifest().files()) {
      if (!LEFT_OUT.contains(file.name())) {
        outputs.add(fact(file.name(), file.bytes(), "bytes", file.sha256()));
      }
    }
    for (PartFile part : run.entry().parts()) {
      String name = run.entry().name() + "/" + part.name();
      outputs.add(fact(name, part.rows(), "rows", part.sha256()));
    }
    return outputs;
  }

  private static Fact fact(String name, long count, String unit, String sha256) {
    return new Fact(name, String.format(Locale.ROOT, "%,d %s, SHA-256 %s", count, unit, sha256));
  }
}
