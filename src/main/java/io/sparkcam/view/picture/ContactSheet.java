package io.sparkcam.view.picture;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Many overlays on one sheet, as many across as down, with a title and one legend. Under each
 * overlay stand index, probability and predicted class, and in red the true class where another one
 * was predicted.
 *
 * @param overlay how to draw each; its size is not used, the sheet chooses one that suits the
 *     number of images
 * @param classNames what to call each class
 */
public record ContactSheet(String title, HeatmapOverlay overlay, IntFunction<String> classNames) {
  /** How many images one sheet can hold. */
  public static final int MOST = 200;

  private static final int GAP = 8;

  /** The sheet; the images in their order, row by row. */
  public Picture draw(List<ExplainedImage> images) {
    if (images.isEmpty() || images.size() > MOST) {
      throw new IllegalArgumentException(
          "contact sheet of " + images.size() + " images, expected 1 to " + MOST);
    }
    return Page.of(new TextBlock().add(title), grid(images), legend(images));
  }

  private Picture grid(List<ExplainedImage> images) {
    Tile tile = Tile.fitting(images);
    int columns = (int) Math.ceil(Math.sqrt(images.size()));
    int rows = (images.size() + columns - 1) / columns;
    Canvas canvas =
        new Canvas(columns * (tile.side + GAP) - GAP, rows * (tile.height() + GAP) - GAP);
    for (int i = 0; i < images.size(); i++) {
      int left = i % columns * (tile.side + GAP);
      draw(images.get(i), tile, canvas, left, i / columns * (tile.height() + GAP));
    }
    return canvas.picture();
  }

  private void draw(ExplainedImage explained, Tile tile, Canvas canvas, int left, int top) {
    Picture drawn = overlay.sized(tile.side).draw(explained).shrunkWithin(tile.side);
    canvas.paste(
        drawn, left + (tile.side - drawn.width()) / 2, top + (tile.side - drawn.height()) / 2);

    String probability = String.format(Locale.ROOT, "%.4f", explained.probability());
    int y = top + tile.side + GAP / 2;
    tile.line(canvas, "#" + explained.id() + " " + probability, left, y, Colour.INK);
    y += tile.lineHeight();
    tile.line(canvas, classNames.apply(explained.predicted()), left, y, Colour.INK);
    if (explained.mistaken()) {
      y += tile.lineHeight();
      tile.line(canvas, "true " + classNames.apply(explained.label()), left, y, Colour.WRONG);
    }
  }

  private Legend legend(List<ExplainedImage> images) {
    Tint tint = overlay.tint();
    boolean shared = overlay.sharedScale().isPresent();
    TextBlock remarks =
        new TextBlock()
            .add(evidence(images) + (shared ? "" : ", each image on a scale of its own"));
    if (tint.tells()) {
      remarks.add(tint.meaning());
    }
    return new Legend(
        Stream.of(tint.above(), tint.otherwise()).distinct().toList(),
        "low" + overlay.sharedScale().map(scale -> " " + Legend.number(scale.low())).orElse(""),
        "high" + overlay.sharedScale().map(scale -> " " + Legend.number(scale.high())).orElse(""),
        remarks);
  }

  private String evidence(List<ExplainedImage> images) {
    int first = images.get(0).map().classIndex();
    if (images.stream().allMatch(image -> image.map().classIndex() == first)) {
      return "evidence for " + classNames.apply(first);
    }
    return images.stream().allMatch(image -> image.map().classIndex() == image.predicted())
        ? "evidence for the predicted class"
        : "evidence for one class each";
  }

  /**
   * The room for one overlay and its caption.
   *
   * @param side of the square that the overlay is fitted into
   * @param size of the caption's letters
   * @param lines of the caption
   */
  private record Tile(int side, int size, int lines) {
    /**
     * Multiples of 28, so that 28-pixel images fill them; 200 images make a sheet about 1,800
     * pixels wide.
     */
    static Tile fitting(List<ExplainedImage> images) {
      int lines = images.stream().anyMatch(ExplainedImage::mistaken) ? 3 : 2;
      if (images.size() <= 4) {
        return new Tile(280, 2, lines);
      }
      return images.size() <= 36 ? new Tile(196, 2, lines) : new Tile(112, 1, lines);
    }

    int height() {
      return side + GAP / 2 + lines * lineHeight();
    }

    int lineHeight() {
      return BitmapFont.LINE * size;
    }

    void line(Canvas canvas, String line, int left, int top, int colour) {
      String fitting = BitmapFont.elided(line, BitmapFont.columns(side, size));
      canvas.text(fitting, left, top, size, colour);
    }
  }
}
