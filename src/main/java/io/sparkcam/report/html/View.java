package io.sparkcam.report.html;

import io.sparkcam.report.ClassMap;
import io.sparkcam.report.Colormap;
import io.sparkcam.report.ExplainedImage;
import io.sparkcam.report.PredictionLine;
import io.sparkcam.report.Scale;
import io.sparkcam.report.Tint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The page's content as its template names it, in words. */
record View(
    RunReport.Origin origin,
    String images,
    boolean labelled,
    String accuracy,
    String hits,
    String labelledImages,
    String loss,
    boolean trained,
    List<Chart> charts,
    List<EpochLine> epochs,
    List<ColourBar> overlayBars,
    ColourBar meanBar,
    ColourBar varianceBar,
    ColourBar differenceBar,
    List<Headline> headline,
    List<Card> mistakes,
    List<Card> doubtfulHits,
    Matrix matrix,
    List<ClassSection> classes,
    List<PairGroup> pairGroups,
    String pairsLeftOut,
    AuditLine audit,
    List<Part> manifest) {
  /** The most confident mistake in words. */
  record Headline(String id, String predicted, String truth, String probability) {}

  /** An epoch in figures. */
  record EpochLine(int epoch, String loss, String accuracy, String valLoss, String valAccuracy) {}

  /** The confused pairs of one true class. */
  record PairGroup(String label, List<PairSection> pairs) {}

  /** What all rows were looked through for. */
  record AuditLine(String notFinite, String flat, String largestError) {}

  /** A part of the manifest, shown or folded. */
  record Part(String title, boolean open, List<RunReport.Fact> facts) {}

  static View of(RunReport report) {
    Confusion confusion = report.confusion();
    ColourBar mean =
        ColourBar.of(
            Colormap.VIRIDIS,
            report.mapScale(),
            "Mean maps, in logits: how much each place speaks for the class, from little (dark) to"
                + " much (bright); values beyond the ends take the colours of the ends.");
    ColourBar variance =
        ColourBar.of(
            Colormap.INFERNO,
            new Scale(0, Scale.spanning(variances(report)).high()),
            "Variance, in squared logits: where the maps of a class agree (dark) and where they"
                + " differ (bright).");
    double widest = widestDifference(report);
    ColourBar difference =
        ColourBar.of(
            Colormap.COOLWARM,
            new Scale(-widest, widest),
            "Differences, in logits: where mistakes had less evidence than right ones (blue), as"
                + " much (grey), more (red).");
    List<PairGroup> pairGroups = pairGroups(report, mean, difference);
    Set<String> anchors = new HashSet<>();
    List<ClassSection> classes =
        report.classes().stream()
            .map(part -> ClassSection.of(report, part, mean, variance))
            .toList();
    classes.forEach(section -> anchors.add(section.anchor()));
    pairGroups.forEach(group -> group.pairs.forEach(pair -> anchors.add(pair.anchor())));
    return new View(
        report.origin(),
        Words.count(report.audit().images()),
        confusion.images() > 0,
        Words.decimal((double) confusion.hits() / confusion.images()),
        Words.count(confusion.hits()),
        Words.count(confusion.images()),
        Words.decimal(report.testLoss()),
        !report.epochs().isEmpty(),
        charts(report.epochs()),
        report.epochs().stream().map(View::line).toList(),
        List.of(
            ColourBar.ofOverlays(Tint.BY_CONFIDENCE.above(), "probability above 0.95"),
            ColourBar.ofOverlays(Tint.BY_CONFIDENCE.otherwise(), "probability 0.95 or below")),
        mean,
        variance,
        difference,
        report.mistakes().stream()
            .limit(1)
            .map(mistake -> headline(report, mistake.image()))
            .toList(),
        mistakes(report, anchors),
        report.doubtfulHits().stream().map(image -> Card.of(image, report::name)).toList(),
        Matrix.of(confusion, report.classNames(), anchors),
        classes,
        pairGroups,
        leftOut(report),
        new AuditLine(
            Words.count(report.audit().notFinite()),
            Words.count(report.audit().flat()),
            String.format(Locale.ROOT, "%.2e", report.audit().largestError())),
        List.of(
            new Part("Settings", true, report.origin().settings()),
            new Part("Inputs", false, report.origin().inputs()),
            new Part("Versions", false, report.origin().versions()),
            new Part("Files", false, report.origin().outputs())));
  }

  private static Headline headline(RunReport report, ExplainedImage image) {
    return new Headline(
        Long.toString(image.id()),
        report.name(image.predicted()),
        report.name(image.label()),
        PredictionLine.decimal(image.probability()));
  }

  private static EpochLine line(Epoch epoch) {
    return new EpochLine(
        epoch.epoch(),
        Words.decimal(epoch.loss()),
        Words.decimal(epoch.accuracy()),
        Words.decimal(epoch.valLoss()),
        Words.decimal(epoch.valAccuracy()));
  }

  private static List<Chart> charts(List<Epoch> epochs) {
    return List.of(
        Chart.of("loss", "Loss (cross-entropy, nats)", epochs, Epoch::loss, Epoch::valLoss),
        Chart.of("accuracy", "Accuracy", epochs, Epoch::accuracy, Epoch::valAccuracy));
  }

  private static List<Card> mistakes(RunReport report, Set<String> anchors) {
    List<Card> cards = new ArrayList<>();
    for (RunReport.Mistake mistake : report.mistakes()) {
      ExplainedImage image = mistake.image();
      String pair = Matrix.pairAnchor(image.label(), image.predicted());
      cards.add(
          Card.of(cards.size() + 1, mistake, report::name, anchors.contains(pair) ? pair : ""));
    }
    return cards;
  }

  private static List<ClassMap> variances(RunReport report) {
    return report.classes().stream().map(RunReport.OfClass::variance).toList();
  }

  /** The greatest distance of a difference from 0. */
  private static double widestDifference(RunReport report) {
    List<ClassMap> differences = new ArrayList<>();
    for (RunReport.OfPair pair : report.pairs()) {
      pair.hits().forEach(hits -> differences.add(Maps.difference(pair.mean(), hits)));
    }
    Scale scale = Scale.spanning(differences);
    return Math.max(Math.abs(scale.low()), Math.abs(scale.high()));
  }

  private static List<PairGroup> pairGroups(
      RunReport report, ColourBar mean, ColourBar difference) {
    List<PairGroup> groups = new ArrayList<>();
    int label = -1;
    for (RunReport.OfPair pair : report.pairs()) {
      if (pair.label() != label) {
        label = pair.label();
        groups.add(new PairGroup(report.name(label), new ArrayList<>()));
      }
      groups.get(groups.size() - 1).pairs.add(PairSection.of(report, pair, mean, difference));
    }
    return groups;
  }

  /** How many confused pairs are only counted; empty for none. */
  private static String leftOut(RunReport report) {
    Confusion confusion = report.confusion();
    int occurring = 0;
    for (int label = 0; label < confusion.classes(); label++) {
      for (int predicted = 0; predicted < confusion.classes(); predicted++) {
        occurring += label != predicted && confusion.at(label, predicted) > 0 ? 1 : 0;
      }
    }
    int leftOut = occurring - report.pairs().size();
    return leftOut == 0 ? "" : Words.count(leftOut);
  }
}
