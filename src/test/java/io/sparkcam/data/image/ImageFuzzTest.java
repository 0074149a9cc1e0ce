package io.sparkcam.data.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sparkcam.data.ImageShape;

/** Whatever lies where an image should be is decoded, to as many pixels as it declares, or bad. */
class ImageFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void file(byte[] content) {
    EncodedImages form = new EncodedImages(DecodeSettings.DEFAULT, "");
    try {
      ImageShape shape = form.shape(content);
      int pixels = form.pixels(content, shape).length;
      if (pixels != shape.size()) {
        throw new IllegalStateException(pixels + " pixels of " + shape);
      }
    } catch (BadRecordException bad) {
      // what is expected of most
    }
  }
}
