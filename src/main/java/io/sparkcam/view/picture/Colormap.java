package io.sparkcam.view.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The colour scales of matplotlib that CAMs are usually drawn with: 256 colours each, within 1/255
 * of matplotlib's in every channel.
 */
public enum Colormap {
  VIRIDIS("viridis"),
  GREENS("green"),
  REDS("red"),
  INFERNO("inferno"),
  COOLWARM("coolwarm"),
  GRAY("gray");

  /**
   * The colour of what has no value (NaN), as in matplotlib: fully transparent, so what lies below
   * shows.
   */
  public static final int BAD = 0x00000000;

  private static final int ENTRIES = 256;

  private final String hue;

  @SuppressWarnings("ImmutableEnumChecker") // never written after construction, never handed out
  private final int[] argb;

  Colormap(String hue) {
    this.hue = hue;
    argb = interpolated(Resource.COLOURS.getProperty(label()).split(" "));
  }

  /**
   * The colormap of that name, in upper or lower case: matplotlib writes {@code viridis} but {@code
   * Greens}.
   */
  public static Colormap named(String name) {
    return Arrays.stream(values())
        .filter(colormap -> colormap.label().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    Arrays.stream(values())
                        .map(Colormap::label)
                        .collect(
                            Collectors.joining(
                                ", ", "colormap " + name + ", expected one of ", ""))));
  }

  /** The name to choose it by: {@code viridis}, {@code greens}, ... */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What to call its colour in a sentence: {@code green} for {@link #GREENS}. */
  String hue() {
    return hue;
  }

  /**
   * The colour at a position of the scale.
   *
   * @param t 0 is the low end, 1 the high end; values outside take the colour of the nearer end
   * @return 0xAARRGGBB, opaque; {@link #BAD} for NaN
   */
  public int argb(double t) {
    if (Double.isNaN(t)) {
      return BAD;
    }
    return argb[(int) Math.max(0, Math.min(ENTRIES - 1, Math.floor(t * ENTRIES)))];
  }

  private static int[] interpolated(String[] anchors) {
    int[] colours = Arrays.stream(anchors).mapToInt(hex -> Integer.parseInt(hex, 16)).toArray();
    int[] entries = new int[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      double position = i * (colours.length - 1.0) / (ENTRIES - 1);
      int below = Math.min((int) position, colours.length - 2);
      entries[i] = 0xff000000 | Colour.blend(colours[below], colours[below + 1], position - below);
    }
    return entries;
  }

  /** Apart, because an enum's constructor cannot use its own static fields. */
  private static final class Resource {
    static final Properties COLOURS = load();

    private static Properties load() {
      Properties colours = new Properties();
      try (InputStream in = Colormap.class.getResourceAsStream("colormaps.properties")) {
        colours.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException("colormaps.properties", e);
      }
      return colours;
    }
  }
}
