package io.sparkcam.view.html;

import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.ExplainedImage;
import io.sparkcam.view.picture.PredictionLine;
import io.sparkcam.view.picture.Scale;
import io.sparkcam.view.picture.Tint;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The page's content as its template names it, in words. */
record ReportView(
    RunReport.Origin origin,
    String images,
    boolean labelled,
    String accuracy,
    String hits,
    String labelledImages,
    String loss,
    boolean trained,
    List<LineChart> charts,
    List<EpochLine> epochs,
    List<ColourBar> overlayBars,
    ColourBar meanBar,
    ColourBar varianceBar,
    ColourBar differenceBar,
    List<Headline> headline,
    List<Card> mistakes,
    List<Card> doubtfulHits,
    ConfusionGrid matrix,
    List<ClassSection> classes,
    List<PairGroup> pairGroups,
    String pairsLeftOut,
    AuditLine audit,
    boolean measured,
    List<FaithfulnessLine> faithfulness,
    List<RankingLine> rankings,
    boolean reasoned,
    List<ReasonSection> reasons,
    boolean sane,
    List<RunReport.Fact> sanity,
    List<LineChart> removals,
    List<Part> manifest) {
  /** The most confident mistake in words. */
  record Headline(String id, String predicted, String truth, String probability) {}

  /** An epoch in figures. */
  record EpochLine(int epoch, String loss, String accuracy, String valLoss, String valAccuracy) {}

  /** The confused pairs of one true class. */
  record PairGroup(String label, List<PairSection> pairs) {}

  /** What all rows were looked through for. */
  record AuditLine(String notFinite, String flat, String largestError, String range) {}

  /** How faithful one kind of map is. */
  record FaithfulnessLine(
      String map,
      String averageDrop,
      String increase,
      String sampled,
      String insertionArea,
      String deletionArea,
      String roadArea) {}

  /** What one ranking of cells gave. */
  record RankingLine(String ranking, String images, String insertionArea, String deletionArea) {}

  /** Images that are predicted as one class for one reason. */
  record ReasonSection(
      String anchor, String title, String remark, List<MapPicture> maps, List<Card> examples) {}

  /** A part of the manifest, shown or folded. */
  record Part(String title, boolean open, List<RunReport.Fact> facts) {}

  private static final int MANY = 10;

  static ReportView of(RunReport report) {
    ConfusionCounts confusion = report.confusion();
    Scale differences = differences(report.pairs());
    List<PairGroup> pairGroups = pairGroups(report, differences);
    Set<String> anchors = new HashSet<>();
    List<ClassSection> classes =
        report.classes().stream().map(part -> ClassSection.of(report, part)).toList();
    classes.forEach(section -> anchors.add(section.anchor()));
    pairGroups.forEach(group -> group.pairs.forEach(pair -> anchors.add(pair.anchor())));
    return new ReportView(
        report.origin(),
        Formats.count(report.audit().images()),
        confusion.images() > 0,
        Formats.decimal((double) confusion.hits() / confusion.images()),
        Formats.count(confusion.hits()),
        Formats.count(confusion.images()),
        Formats.decimal(report.testLoss()),
        !report.epochs().isEmpty(),
        charts(report.epochs()),
        report.epochs().stream().map(ReportView::line).toList(),
        List.of(
            ColourBar.ofOverlays(Tint.BY_CONFIDENCE.above(), "probability above 0.95"),
            ColourBar.ofOverlays(Tint.BY_CONFIDENCE.otherwise(), "probability 0.95 or below")),
        ColourBar.ofMaps(
            Colormap.VIRIDIS,
            "least",
            "greatest",
            "Mean maps: how much each place spoke for the class, in logits, between the two numbers"
                + " below the map."),
        ColourBar.ofMaps(
            Colormap.INFERNO,
            "0",
            "greatest",
            "Variance: where the maps agree (dark) and where they differ (bright), in squared"
                + " logits."),
        ColourBar.ofMaps(
            Colormap.COOLWARM,
            Formats.value(differences.low()),
            Formats.value(differences.high()),
            "Differences, in logits: where the mistakes had less evidence than the right ones"
                + " (blue), as much (grey), more (red). The same scale for all pairs; what lies"
                + " beyond takes the colours of its ends."),
        report.mistakes().stream()
            .limit(1)
            .map(mistake -> headline(report, mistake.image()))
            .toList(),
        mistakes(report, anchors),
        report.doubtfulHits().stream().map(image -> Card.plainToo(image, report)).toList(),
        ConfusionGrid.of(confusion, report.classNames(), anchors),
        classes,
        pairGroups,
        leftOut(report),
        new AuditLine(
            Formats.count(report.audit().notFinite()),
            Formats.count(report.audit().flat()),
            report.audit().largestError() < 0
                ? "none"
                : String.format(Locale.ROOT, "%.2e", report.audit().largestError()),
            Formats.range(report.audit().low(), report.audit().high())),
        !report.faithfulness().isEmpty(),
        report.faithfulness().stream().map(ReportView::line).toList(),
        report.rankings().stream().map(ReportView::line).toList(),
        !report.reasons().isEmpty(),
        report.reasons().stream().map(reason -> section(report, reason)).toList(),
        !report.sanity().isEmpty(),
        report.sanity(),
        removals(report.removals()),
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
        Formats.decimal(epoch.loss()),
        Formats.decimal(epoch.accuracy()),
        Formats.decimal(epoch.valLoss()),
        Formats.decimal(epoch.valAccuracy()));
  }

  private static FaithfulnessLine line(RunReport.Faithfulness faithfulness) {
    return new FaithfulnessLine(
        faithfulness.map(),
        Formats.decimal(faithfulness.averageDrop()),
        Formats.decimal(faithfulness.increase()),
        Formats.count(faithfulness.sampled()),
        Formats.decimal(faithfulness.insertionArea()),
        Formats.decimal(faithfulness.deletionArea()),
        Formats.decimal(faithfulness.roadArea()));
  }

  private static RankingLine line(RunReport.CellRanking ranking) {
    return new RankingLine(
        ranking.ranking(),
        Formats.count(ranking.images()),
        Formats.decimal(ranking.insertionArea()),
        Formats.decimal(ranking.deletionArea()));
  }

  private static ReasonSection section(RunReport report, RunReport.OfReason reason) {
    String title = report.name(reason.predicted()) + ", reason " + (reason.reason() + 1);
    Scale scale = Scale.of(reason.mean());
    return new ReasonSection(
        "reason-" + reason.predicted() + "-" + reason.reason(),
        title,
        "%s, %s of the class%s \u00b7 mean probability %s"
            .formatted(
                Formats.images(reason.images()),
                Formats.percent(reason.images(), reason.ofClass()),
                reason.hits() < 0
                    ? ""
                    : " \u00b7 precision " + Formats.share(reason.hits(), reason.images()),
                Formats.decimal(reason.probability())),
        List.of(
            MapPicture.map(
                reason.mean(),
                Colormap.VIRIDIS,
                scale,
                "Mean map of " + title,
                "mean\n" + Formats.range(scale.low(), scale.high()))),
        reason.examples().stream().map(image -> Card.of(image, report)).toList());
  }

  private static List<LineChart> charts(List<Epoch> epochs) {
    return List.of(
        LineChart.of("loss", "Loss (cross-entropy, nats)", epochs, Epoch::loss, Epoch::valLoss),
        LineChart.of("accuracy", "Accuracy", epochs, Epoch::accuracy, Epoch::valAccuracy));
  }

  /** A curve a map; none without any. */
  private static List<LineChart> removals(List<RunReport.Removal> removals) {
    Map<String, List<Double>> accuracies = new LinkedHashMap<>();
    removals.forEach(
        of -> accuracies.computeIfAbsent(of.map(), map -> new ArrayList<>()).add(of.accuracy()));
    return removals.isEmpty()
        ? List.of()
        : List.of(
            LineChart.of(
                "removals",
                "Test accuracy of networks trained again",
                "share of the pixels removed",
                removals.stream()
                    .map(RunReport.Removal::removed)
                    .distinct()
                    .map(share -> BigDecimal.valueOf(share).toString())
                    .toList(),
                accuracies.entrySet().stream()
                    .map(of -> new LineChart.Values(of.getKey(), of.getValue()))
                    .toList()));
  }

  private static List<Card> mistakes(RunReport report, Set<String> anchors) {
    List<Card> cards = new ArrayList<>();
    for (RunReport.Mistake mistake : report.mistakes()) {
      ExplainedImage image = mistake.image();
      String pair = ConfusionGrid.pairAnchor(image.label(), image.predicted());
      cards.add(Card.of(cards.size() + 1, mistake, report, anchors.contains(pair) ? pair : ""));
    }
    return cards;
  }

  /**
   * One scale for all differences, 0 in its middle, as wide as those of {@value #MANY} images or
   * more: the means of few would wash out the others.
   */
  private static Scale differences(List<RunReport.OfPair> pairs) {
    boolean many = pairs.stream().anyMatch(pair -> pair.images() >= MANY);
    List<ClassMap> differences = new ArrayList<>();
    for (RunReport.OfPair pair : pairs) {
      if (!many || pair.images() >= MANY) {
        pair.hits().forEach(hits -> differences.add(MapArithmetic.difference(pair.mean(), hits)));
      }
    }
    Scale scale = Scale.spanning(differences);
    return scale.symmetric();
  }

  private static List<PairGroup> pairGroups(RunReport report, Scale differences) {
    List<PairGroup> groups = new ArrayList<>();
    int label = -1;
    for (RunReport.OfPair pair : report.pairs()) {
      if (pair.label() != label) {
        label = pair.label();
        groups.add(new PairGroup(report.name(label), new ArrayList<>()));
      }
      groups.get(groups.size() - 1).pairs.add(PairSection.of(report, pair, differences));
    }
    return groups;
  }

  /** How many confused pairs are only counted; empty for none. */
  private static String leftOut(RunReport report) {
    ConfusionCounts confusion = report.confusion();
    int occurring = 0;
    for (int label = 0; label < confusion.classes(); label++) {
      for (int predicted = 0; predicted < confusion.classes(); predicted++) {
        occurring += label != predicted && confusion.at(label, predicted) > 0 ? 1 : 0;
      }
    }
    int leftOut = occurring - report.pairs().size();
    return leftOut == 0 ? "" : Formats.count(leftOut);
  }
}
