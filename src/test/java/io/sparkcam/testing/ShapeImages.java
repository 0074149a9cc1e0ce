package io.sparkcam.testing;

import io.sparkcam.cam.Box;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Pictures of one coloured shape at a random place on a noisy background. Kind of shape and colour
 * are the class; where the shape is, is known.
 *
 * <p>The background is of patches in the shapes' own colours, and noise over both. On a plain one
 * any pixel of a colour, or any edge, gives a shape away: the network then sees it from wherever a
 * corner of it is within the 38 pixels of a cell's window, and maps rightly spread that far. Among
 * patches only a larger piece of a shape is evidence, which just the cells on it see.
 *
 * <p>The kinds differ all over the shape: what tells a disc from a square is the corners that it
 * lacks, which are no part of it, and there a map would rightly point.
 */
public final class ShapeImages {
  /** Of the square pictures, in pixels. */
  public static final int SIDE = 64;

  private static final List<String> KINDS = List.of("columns", "cross", "rows", "square");

  private static final List<String> COLOURS = List.of("blue", "red", "yellow");

  private static final List<Color> PALETTE =
      List.of(new Color(50, 70, 220), new Color(220, 40, 40), new Color(230, 210, 40));

  /** Sorted, as their directories are: class c is the c-th. */
  public static final List<String> CLASSES =
      KINDS.stream().flatMap(kind -> COLOURS.stream().map(colour -> kind + "-" + colour)).toList();

  /**
   * Of the shapes' sides, in pixels. The map has cells of 8 pixels, and where one is on the shape
   * and the next is not, it falls to 20% of its maximum some 3 to 5 pixels outside: of a shape of
   * 24 pixels and less that alone would leave an overlap of hardly more than one half.
   */
  private static final int LEAST = 28;

  private static final int MOST = 32;

  /** Of the background's patches: their number, and their sides in pixels. */
  private static final int PATCHES = 60;

  private static final int PATCH_LEAST = 4;
  private static final int PATCH_MOST = 14;

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

  /** Writes pictures into a directory a class, each class as often as the next. */
  public List<Drawn> write(Path directory, int count) throws IOException {
    List<Drawn> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Drawn drawn = draw(i, i % CLASSES.size());
      Path file = directory.resolve(drawn.name);
      Files.createDirectories(file.getParent());
      ImageIO.write(drawn.image, "png", file.toFile());
      all.add(drawn);
    }
    return all;
  }

  private Drawn draw(int number, int label) {
    int side = random.nextInt(LEAST, MOST + 1);
    int x0 = random.nextInt(SIDE - side + 1);
    int y0 = random.nextInt(SIDE - side + 1);
    Shape shape = shape(KINDS.get(label / PALETTE.size()), x0, y0, side);
    Color colour = PALETTE.get(label % PALETTE.size());
    Color[] background = background();
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    boolean[] pixels = new boolean[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean within = shape.contains(x + 0.5, y + 0.5);
        pixels[y * SIDE + x] = within;
        image.setRGB(
            x, y, within ? rgb(colour, SHAPE_NOISE) : rgb(background[y * SIDE + x], NOISE));
      }
    }
    String name = "%s/%05d.png".formatted(CLASSES.get(label), number);
    return new Drawn(name, image, new Box(x0, y0, x0 + side, y0 + side), pixels);
  }

  /** Grey, with patches in the shapes' colours. */
  private Color[] background() {
    int grey = random.nextInt(90, 166);
    Color[] background = new Color[SIDE * SIDE];
    Arrays.fill(background, new Color(grey, grey, grey));
    for (int i = 0; i < PATCHES; i++) {
      int width = random.nextInt(PATCH_LEAST, PATCH_MOST + 1);
      int height = random.nextInt(PATCH_LEAST, PATCH_MOST + 1);
      Rectangle patch =
          new Rectangle(
                  random.nextInt(1 - width, SIDE), random.nextInt(1 - height, SIDE), width, height)
              .intersection(new Rectangle(SIDE, SIDE));
      Color colour = PALETTE.get(random.nextInt(PALETTE.size()));
      for (int y = patch.y; y < patch.y + patch.height; y++) {
        Arrays.fill(background, y * SIDE + patch.x, y * SIDE + patch.x + patch.width, colour);
      }
    }
    return background;
  }

  private static Shape shape(String kind, int x0, int y0, int side) {
    Path2D shape = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double bar = side / 7.0;
    double arm = side / 3.0;
    switch (kind) {
      case "columns" -> {
        for (int i = 0; i < 7; i += 2) {
          shape.append(new Rectangle2D.Double(x0 + i * bar, y0, bar, side), false);
        }
      }
      case "cross" -> {
        shape.append(new Rectangle2D.Double(x0 + arm, y0, arm, side), false);
        shape.append(new Rectangle2D.Double(x0, y0 + arm, side, arm), false);
      }
      case "rows" -> {
        for (int i = 0; i < 7; i += 2) {
          shape.append(new Rectangle2D.Double(x0, y0 + i * bar, side, bar), false);
        }
      }
      case "square" -> shape.append(new Rectangle2D.Double(x0, y0, side, side), false);
      default -> throw new IllegalArgumentException("kind of shape: " + kind);
    }
    return shape;
  }

  private int rgb(Color mean, double noise) {
    return value(mean.getRed(), noise) << 16
        | value(mean.getGreen(), noise) << 8
        | value(mean.getBlue(), noise);
  }

  private int value(int mean, double noise) {
    return (int) Math.max(0, Math.min(255, mean + noise * random.nextGaussian()));
  }
}
