package io.sparkcam.view.picture;

/**
 * An image without a map, as {@code plt.imshow(image)} shows it: grey images through the colormap
 * (viridis is matplotlib's default) from their least to their greatest value, RGB as it is.
 *
 * @param colormap of grey images
 * @param longestSide the image is enlarged by the greatest whole factor that keeps its longer side
 *     within so many pixels
 */
public record PlainImage(Colormap colormap, int longestSide) {
  /** Checks the size. */
  public PlainImage {
    if (longestSide < 1) {
      throw new IllegalArgumentException("image of " + longestSide + " pixels, expected 1 or more");
    }
  }

  /** Viridis; 28 pixels become 364. */
  public static PlainImage standard() {
    return new PlainImage(Colormap.VIRIDIS, Page.LEAST_WIDTH);
  }

  /** The image alone. */
  public Picture draw(ImagePixels image) {
    Picture coloured = image.coloured(colormap);
    return coloured.enlarged(Math.max(1, longestSide / coloured.longestSide()));
  }

  /** The image below a caption. */
  public Picture captioned(ImagePixels image, String caption) {
    return Page.of(new TextBlock().add(caption), draw(image));
  }
}
