package io.sparkcam.view.picture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureTest {
  @Test
  void aPngHoldsEveryPixelAsItWas() throws IOException {
    Picture picture = HeatmapOverlay.byConfidence().draw(Samples.coat(0, 0.5f, 28));
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(picture.png()));
    assertEquals(picture.width(), read.getWidth());
    assertEquals(picture.height(), read.getHeight());
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        assertEquals(picture.rgb(x, y), read.getRGB(x, y) & 0xffffff);
      }
    }
  }

  @Test
  void shrinkingTakesTheMeansOfSquares() {
    Picture picture = new Picture(3, new int[] {0x102030, 0x302010, 0xff0000, 0, 0, 0x010000});
    Picture shrunk = picture.shrunkWithin(2);
    assertEquals(2, shrunk.width());
    assertEquals(1, shrunk.height());
    assertEquals(0x101010, shrunk.rgb(0, 0));
    assertEquals(0x800000, shrunk.rgb(1, 0));
    assertSame(picture, picture.shrunkWithin(3));
  }

  /** Fonts and Java2D load native libraries that servers may lack; images and ImageIO do not. */
  @Test
  void nothingInThePackageUsesTheJdksFontsOrDrawing() {
    noClasses()
        .that()
        .resideInAPackage("io.sparkcam.view.picture")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt", "java.awt.font..", "java.awt.geom..", "javax.swing..")
        .check(new ClassFileImporter().importPackages("io.sparkcam.view.picture"));
  }
}
