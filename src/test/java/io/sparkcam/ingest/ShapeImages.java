package io.sparkcam.ingest;

import io.sparkcam.cam.Box;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Pictures of one coloured shape at a random place on a noisy background. Kind of shape and colour
 * are the class; where the shape is, is known. The kinds, a square and horizontal bars, differ all
 * over the shape: what tells a disc from a square is the corners that it lacks, which are no part
 * of it, and there a map would rightly point.
 */
public final class ShapeImages {
  /** Of the square pictures, in pixels. */
  public static final int SIDE = 96;

  /**
   * Sorted, as their directories are: class c is the c-th. Without pictures of the background alone
   * a network may take it as evidence for a class: the one that is left when nothing speaks for the
   * others.
   */
  public static final List<String> CLASSES =
      List.of(
          "background",
          "bars-blue",
          "bars-red",
          "bars-yellow",
          "square-blue",
          "square-red",
          "square-yellow");

  /**
   * Of the shapes' sides, in pixels. A box is larger than what it should hold by nearly a cell of
   * the map (8 pixels) on each side, whatever the picture: a cell that sees a part of a shape is
   * above 20% of the maximum already. Within 5 cells and more of a shape that leaves an overlap of
   * one half; the picture is large enough for such a shape to be elsewhere than in its middle.
   */
  private static final int LEAST = 40;

  private static final int MOST = 48;

  /** Standard deviations of the values of background and shape. */
  private static final double NOISE = 30;

  private static final double SHAPE_NOISE = 12;

  private final Random random;

  public ShapeImages(long seed) {
    random = new Random(seed);
  }

  /**
   * A picture and where in it the shape is.
   *
   * @param pixels of the shape, row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // for the test's own reading
  public record Drawn(String name, BufferedImage image, Box box, boolean[] pixels) {}

  /**
   * Writes pictures into a directory a class, each class as often as the next.
   *
   * @return those with a shape
   */
  public List<Drawn> write(Path directory, int count) throws IOException {
    List<Drawn> shapes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i % CLASSES.size();
      String name = CLASSES.get(label) + "/%05d.png".formatted(i);
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Drawn drawn = draw(name, label);
      ImageIO.write(drawn.image, "png", file.toFile());
      if (label > 0) {
        shapes.add(drawn);
      }
    }
    return shapes;
  }

  private Drawn draw(String name, int label) {
    int side = random.nextInt(LEAST, MOST + 1);
    int x0 = random.nextInt(SIDE - side + 1);
    int y0 = random.nextInt(SIDE - side + 1);
    Shape shape = shape(CLASSES.get(label), x0, y0, side);
    Color colour =
        List.of(new Color(50, 70, 220), new Color(220, 40, 40), new Color(230, 210, 40))
            .get(Math.floorMod(label - 1, 3));
    int background = random.nextInt(90, 166);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    boolean[] pixels = new boolean[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean within = shape.contains(x + 0.5, y + 0.5);
        pixels[y * SIDE + x] = within;
        int rgb =
            within
                ? rgb(colour.getRed(), colour.getGreen(), colour.getBlue(), SHAPE_NOISE)
                : rgb(background, background, background, NOISE);
        image.setRGB(x, y, rgb);
      }
    }
    return new Drawn(name, image, new Box(x0, y0, x0 + side, y0 + side), pixels);
  }

  private static Shape shape(String name, int x0, int y0, int side) {
    Path2D shape = new Path2D.Double(Path2D.WIND_NON_ZERO);
    if (name.startsWith("bars")) {
      double bar = side / 7.0;
      for (int i = 0; i < 7; i += 2) {
        shape.append(new Rectangle2D.Double(x0, y0 + i * bar, side, bar), false);
      }
    } else if (name.startsWith("square")) {
      shape.append(new Rectangle2D.Double(x0, y0, side, side), false);
    }
    return shape;
  }

  private int rgb(int red, int green, int blue, double noise) {
    return value(red, noise) << 16 | value(green, noise) << 8 | value(blue, noise);
  }

  private int value(int mean, double noise) {
    return (int) Math.max(0, Math.min(255, mean + noise * random.nextGaussian()));
  }
}
