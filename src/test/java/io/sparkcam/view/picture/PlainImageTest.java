package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlainImageTest {
  @Test
  void greyImagesRunFromTheirOwnLeastToTheirOwnGreatestValue() {
    ImagePixels image = new ImagePixels(1, 3, 1, new byte[] {100, (byte) 150, (byte) 200});
    Picture drawn = new PlainImage(Colormap.VIRIDIS, 3).draw(image);
    assertEquals(Colormap.VIRIDIS.argb(0) & 0xffffff, drawn.rgb(0, 0));
    assertEquals(Colormap.VIRIDIS.argb(0.5) & 0xffffff, drawn.rgb(1, 0));
    assertEquals(Colormap.VIRIDIS.argb(1) & 0xffffff, drawn.rgb(2, 0));
  }

  @Test
  void colourImagesAreShownAsTheyAre() {
    ImagePixels image = new ImagePixels(2, 1, 3, new byte[] {1, (byte) 200, 2, (byte) 255, 3, 0});
    Picture drawn = PlainImage.standard().draw(image);
    assertEquals(364, drawn.height());
    assertEquals(0x010203, drawn.rgb(181, 181));
    assertEquals(0xc8ff00, drawn.rgb(0, 182));
  }

  @Test
  void standsBelowItsCaption() {
    Picture captioned = PlainImage.standard().captioned(Samples.image(28, 28), "image 5: Coat");
    assertTrue(Samples.shows(captioned, "image 5: Coat", TextBlock.SIZE, Colour.INK));
    assertEquals(364 + 24, captioned.width());
    assertEquals(364 + 12 + 22 + 6 + 12, captioned.height());
  }

  @Test
  void refusesToDrawNothing() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> new PlainImage(Colormap.GRAY, 0));
    assertEquals("image of 0 pixels, expected 1 or more", e.getMessage());
  }
}
