package io.sparkcam.view.picture;

import java.util.List;
import java.util.function.IntFunction;

/**
 * One overlay as a picture that explains itself: index, true class, predicted class (in red where
 * it is another) and probability above it, below it what the colours mean.
 *
 * @param classNames what to call each class
 */
public record LabelledOverlay(HeatmapOverlay overlay, IntFunction<String> classNames) {
  /** The picture; wide enough for its text however small the overlay is. */
  public Picture draw(ExplainedImage explained) {
    return Page.of(heading(explained), overlay.draw(explained), legend(explained));
  }

  private TextBlock heading(ExplainedImage explained) {
    TextBlock heading = new TextBlock().add("image " + explained.id());
    if (explained.trueClass().isPresent()) {
      heading.add("true: " + classNames.apply(explained.label()));
    }
    return heading
        .add(
            "predicted: " + classNames.apply(explained.predicted()),
            explained.mistaken() ? Colour.WRONG : Colour.INK)
        .add("probability: " + PredictionLine.decimal(explained.probability()));
  }

  private Legend legend(ExplainedImage explained) {
    Scale scale = overlay.scale(explained.map());
    Tint tint = overlay.tint();
    TextBlock remarks = new TextBlock().add("evidence for " + explained.map().subject(classNames));
    if (tint.tells()) {
      remarks.add(tint.meaning());
    }
    return new Legend(
        List.of(tint.colormap(explained.probability())),
        "low " + Legend.number(scale.low()),
        "high " + Legend.number(scale.high()),
        remarks);
  }
}
