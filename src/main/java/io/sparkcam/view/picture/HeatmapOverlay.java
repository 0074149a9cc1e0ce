package io.sparkcam.view.picture;

import io.sparkcam.cam.Box;
import java.util.Optional;

/**
 * Draws a class activation map over its image as two half-transparent {@code plt.imshow} layers on
 * white:
 *
 * <pre>
 * plt.imshow(image, alpha=0.5)             # grey: viridis, from the image's least to its greatest value; RGB: as it is
 * plt.imshow(map, cmap=..., alpha=0.5)     # from the map's least to its greatest value, or on a given scale
 * </pre>
 *
 * so that each channel is white / 4 + image / 4 + map / 2. Where the map has no value (NaN) its
 * layer is transparent. A flat map takes its colormap's lowest colour. The result is enlarged by a
 * whole factor, each pixel a square.
 */
public final class HeatmapOverlay {
  static final double ALPHA = 0.5;

  private final Tint tint;
  private final Colormap base;
  private final int longestSide;

  /** Null when every map has its own. */
  private final Scale shared;

  private HeatmapOverlay(Tint tint, Colormap base, int longestSide, Scale shared) {
    this.tint = tint;
    this.base = base;
    this.longestSide = longestSide;
    this.shared = shared;
  }

  /**
   * Green above a probability of 0.95, red otherwise, over viridis; every map on its own scale; 28
   * pixels become 364.
   */
  public static HeatmapOverlay byConfidence() {
    return new HeatmapOverlay(Tint.BY_CONFIDENCE, Colormap.VIRIDIS, Page.LEAST_WIDTH, null);
  }

  /** The same with the map in other colours. */
  public HeatmapOverlay tinted(Tint other) {
    return new HeatmapOverlay(other, base, longestSide, shared);
  }

  /** The same with grey images in other colours. */
  public HeatmapOverlay over(Colormap other) {
    return new HeatmapOverlay(tint, other, longestSide, shared);
  }

  /** The same with every map on one scale; values beyond its ends take the colours of the ends. */
  public HeatmapOverlay scaledTo(Scale scale) {
    return new HeatmapOverlay(tint, base, longestSide, scale);
  }

  /**
   * The same in another size: images are enlarged by the greatest whole factor that keeps their
   * longer side within so many pixels. Images that are longer already stay as they are.
   */
  public HeatmapOverlay sized(int pixels) {
    if (pixels < 1) {
      throw new IllegalArgumentException("overlay of " + pixels + " pixels, expected at least 1");
    }
    return new HeatmapOverlay(tint, base, pixels, shared);
  }

  /** The overlay with its boxes, without any text. */
  public Picture draw(ExplainedImage explained) {
    Picture layers = layers(explained);
    int factor = Math.max(1, longestSide / layers.longestSide());
    Canvas canvas =
        new Canvas(layers.width() * factor, Math.multiplyExact(layers.height(), factor));
    canvas.paste(layers.enlarged(factor), 0, 0);
    // Thin enough to see through, thick enough to see: 2 pixels of 364.
    int thickness = Math.max(1, layers.longestSide() * factor / 150);
    for (Box box : explained.boxes()) {
      outline(canvas, box, factor, thickness);
    }
    return canvas.picture();
  }

  Tint tint() {
    return tint;
  }

  Optional<Scale> sharedScale() {
    return Optional.ofNullable(shared);
  }

  Scale scale(ClassMap map) {
    return sharedScale().orElseGet(() -> Scale.of(map));
  }

  /** The image alone, in its own size. */
  Picture image(ImagePixels image) {
    return image.coloured(base);
  }

  /** Image and map, in their own size. */
  Picture layers(ExplainedImage explained) {
    ClassMap map = explained.map();
    Picture image = image(explained.image());
    int[] upper = map.argb(tint.colormap(explained.probability()), scale(map));
    int[] rgb = new int[upper.length];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = image.rgb(i % map.width(), i / map.width());
      int lower = Colour.blend(Colour.WHITE, pixel, ALPHA);
      rgb[i] = Colour.opaque(upper[i]) ? Colour.blend(lower, upper[i], ALPHA) : lower;
    }
    return new Picture(map.width(), rgb);
  }

  /** Two lines, dark outside and white inside, so that one of them shows on any colour. */
  private static void outline(Canvas canvas, Box box, int factor, int thickness) {
    int left = box.x0() * factor;
    int top = box.y0() * factor;
    int columns = (box.x1() - box.x0()) * factor;
    int rows = (box.y1() - box.y0()) * factor;
    canvas.frame(left, top, columns, rows, 2 * thickness, Colour.WHITE);
    canvas.frame(left, top, columns, rows, thickness, Colour.INK);
  }
}
