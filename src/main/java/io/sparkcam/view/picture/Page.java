package io.sparkcam.view.picture;

/** A picture with text above it and, where its colours need one, a legend below. */
final class Page {
  /**
   * Room for thirty characters, so that the text beside a small picture is still read with ease.
   */
  static final int LEAST_WIDTH = 364;

  private static final int MARGIN = 12;

  private Page() {}

  static Picture of(TextBlock heading, Picture body) {
    int width = Math.max(LEAST_WIDTH, body.width());
    return canvas(heading, body, width, 0).picture();
  }

  static Picture of(TextBlock heading, Picture body, Legend legend) {
    int width = Math.max(LEAST_WIDTH, body.width());
    // As wide as a small picture, not as wide as a large sheet.
    int legendWidth = Math.min(width, 2 * LEAST_WIDTH);
    int legendHeight = legend.height(legendWidth);
    Canvas canvas = canvas(heading, body, width, MARGIN + legendHeight);
    legend.draw(canvas, MARGIN, canvas.height() - MARGIN - legendHeight, legendWidth);
    return canvas.picture();
  }

  private static Canvas canvas(TextBlock heading, Picture body, int width, int footer) {
    int top = MARGIN + heading.height(width) + MARGIN / 2;
    Canvas canvas = new Canvas(width + 2 * MARGIN, top + body.height() + footer + MARGIN);
    heading.draw(canvas, MARGIN, MARGIN, width);
    canvas.paste(body, MARGIN + (width - body.width()) / 2, top);
    return canvas;
  }
}
