package io.sparkcam.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.DecodeSettings.ArrayLayout;
import io.sparkcam.data.image.DecodeSettings.Channels;
import io.sparkcam.data.image.DecodeSettings.Resize;
import io.sparkcam.data.image.DecodeSettings.Resize.Filter;
import io.sparkcam.testing.Npy;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pictures of every format and mode are what Pillow reads in them; {@code images/make.py} made
 * both. Pillow's own values are whole numbers that come from the same whole-number arithmetic; 1 is
 * left for fractions of 5 bits and for 16 bits, which it cuts off.
 */
class GoldenImagesTest {
  private static final Map<String, Npy> GOLDEN = golden();

  private static Map<String, Npy> golden() {
    try {
      return Npy.archive("images/golden.npz");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] file(String name) throws IOException {
    try (InputStream in = GoldenImagesTest.class.getResourceAsStream("/images/" + name)) {
      return in.readAllBytes();
    }
  }

  private static Stream<String> keys(String start) {
    return GOLDEN.keySet().stream().filter(key -> key.startsWith(start));
  }

  static Stream<String> pictures() {
    return keys("")
        .filter(
            key ->
                !key.startsWith("resize/") && !key.startsWith("over/") && !key.startsWith("mode/"));
  }

  static Stream<String> composites() {
    return keys("over/");
  }

  static Stream<String> sizes() {
    return keys("resize/").filter(key -> !key.endsWith("source"));
  }

  private static void assertPixels(Npy expected, int channels, byte[] planes, int tolerance) {
    byte[] wanted = expected.bytes();
    int plane = wanted.length / channels;
    assertEquals(wanted.length, planes.length);
    for (int i = 0; i < wanted.length; i++) {
      int found = planes[i % channels * plane + i / channels] & 255;
      assertEquals(wanted[i] & 255, found, tolerance, "value " + i);
    }
  }

  private static ImageShape shape(Npy array, int channels) {
    return new ImageShape(array.shape()[0], array.shape()[1], channels);
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void pictureIsWhatPillowReads(String key) throws Exception {
    int end = key.lastIndexOf('/');
    int channels = key.endsWith("/rgb") ? 3 : 1;
    Npy expected = GOLDEN.get(key);
    EncodedImages form = new EncodedImages(DecodeSettings.DEFAULT, "");
    byte[] content = file(key.substring(0, end));
    assertPixels(expected, channels, form.pixels(content, shape(expected, channels)), 1);
    ImageShape own = form.shape(content);
    assertEquals(shape(expected, own.channels()), own);
  }

  @ParameterizedTest
  @MethodSource("composites")
  void transparencyIsLaidOnTheBackground(String key) throws Exception {
    String[] parts = key.split("/", -1);
    Npy expected = GOLDEN.get(key);
    DecodeSettings settings =
        new DecodeSettings(
            null,
            Channels.MAJORITY,
            Integer.parseInt(parts[2], 16),
            0,
            null,
            ArrayLayout.EVIDENT,
            0);
    byte[] pixels = new EncodedImages(settings, "").pixels(file(parts[1]), shape(expected, 3));
    assertPixels(expected, 3, pixels, 1);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void resizedAsPillowDoes(String key) {
    String[] parts = key.split("/", -1);
    Npy expected = GOLDEN.get(key);
    Npy source = GOLDEN.get("resize/source");
    byte[] scaled =
        Resizer.scale(
            source.bytes(),
            source.shape()[0],
            source.shape()[1],
            3,
            expected.shape()[0],
            expected.shape()[1],
            Filter.valueOf(parts[2]));
    assertPixels(expected, 3, ImageForm.planes(scaled, 3), 0);
  }

  static Stream<String> modes() {
    return keys("mode/");
  }

  /** The reference is Pillow with torchvision's rounding for crop, and ImageOps.pad for fit. */
  @ParameterizedTest
  @MethodSource("modes")
  void anotherAspectRatioIsCroppedPaddedOrStretched(String key) throws Exception {
    String[] parts = key.split("/", -1);
    Npy expected = GOLDEN.get(key);
    Resize.Mode mode = Resize.Mode.valueOf(parts[1].toUpperCase(Locale.ROOT));
    int height = expected.shape()[0];
    int width = expected.shape()[1];
    DecodeSettings settings =
        new DecodeSettings(
            new Resize(height, width, mode, Filter.BILINEAR),
            Channels.MAJORITY,
            DecodeSettings.DROP_ALPHA,
            0,
            null,
            ArrayLayout.EVIDENT,
            0);
    EncodedImages form = new EncodedImages(settings, "");
    ImageShape shape = new ImageShape(height, width, 3);
    assertEquals(shape, form.shape(file(parts[2])));
    assertPixels(expected, 3, form.pixels(file(parts[2]), shape), 1);
  }

  /** Every file that is cut off anywhere before its pixels end is bad, never half grey or black. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb.png",
        "ycc420.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "grey.jpg",
        "lossy80.webp",
        "lossless.webp",
        "lossy_alpha.webp",
        "palette.gif",
        "interlaced.gif",
        "rgb.bmp",
        "rle8.bmp",
        "bits1.bmp",
        "raw.tiff",
        "tiff_lzw.tiff",
        "tiff_adobe_deflate.tiff",
        "packbits.tiff",
        "rgb.ppm",
        "bits1.pbm"
      })
  void aFileThatIsCutOffIsBad(String name) throws Exception {
    byte[] whole = file(name);
    EncodedImages form = new EncodedImages(DecodeSettings.DEFAULT, "");
    ImageShape shape = form.shape(whole);
    byte[] pixels = form.pixels(whole, shape);
    for (int tenth = 1; tenth <= 9; tenth++) {
      byte[] cut = Arrays.copyOf(whole, whole.length * tenth / 10);
      try {
        // TIFF keeps its directory at either end: what is cut off need not be pixels
        assertArrayEquals(pixels, form.pixels(cut, shape), name + " cut to " + cut.length);
        assertTrue(name.endsWith("tiff"), name + " cut to " + cut.length);
      } catch (BadRecordException e) {
        assertTrue(e.getMessage().startsWith("cannot be decoded: "), e.getMessage());
      }
    }
  }
}
