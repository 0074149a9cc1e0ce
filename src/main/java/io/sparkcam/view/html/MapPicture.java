package io.sparkcam.view.html;

import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.ExplainedImage;
import io.sparkcam.view.picture.HeatmapOverlay;
import io.sparkcam.view.picture.ImagePixels;
import io.sparkcam.view.picture.Picture;
import io.sparkcam.view.picture.PlainImage;
import io.sparkcam.view.picture.Scale;
import java.util.Base64;

/**
 * A picture in the page.
 *
 * @param uri all of it, a PNG
 * @param alt what it shows
 * @param caption what stands below it; may be empty
 */
record MapPicture(String uri, String alt, String caption) {
  /** Small images keep their pixels, which the browser enlarges; larger ones are shrunk. */
  static final int LONGEST_SIDE = 56;

  private static final HeatmapOverlay OVERLAY = HeatmapOverlay.byConfidence().sized(1);

  /** An image under its map, as {@code show-cam} colours it. */
  static MapPicture overlay(ExplainedImage explained, String alt, String caption) {
    return of(OVERLAY.draw(explained), alt, caption);
  }

  /** An image alone. */
  static MapPicture plain(ImagePixels image, String alt) {
    return of(new PlainImage(Colormap.VIRIDIS, 1).draw(image), alt, "image");
  }

  /** A map alone. */
  static MapPicture map(ClassMap map, Colormap colormap, Scale scale, String alt, String caption) {
    return of(map.picture(colormap, scale), alt, caption);
  }

  /** The same of an explained image's other map. */
  static ExplainedImage under(ExplainedImage image, ClassMap map) {
    return new ExplainedImage(
        image.id(),
        image.label(),
        image.predicted(),
        image.probability(),
        image.image(),
        map,
        image.boxes());
  }

  private static MapPicture of(Picture picture, String alt, String caption) {
    byte[] png = picture.shrunkWithin(LONGEST_SIDE).png();
    return new MapPicture(
        "data:image/png;base64," + Base64.getEncoder().encodeToString(png), alt, caption);
  }
}
