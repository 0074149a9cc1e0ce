package io.sparkcam.ingest;

import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.dataset.ImageShape;

/**
 * How a Parquet table of images is to be read.
 *
 * @param imageColumn of encoded images (binary, or a struct with {@code bytes}) or of pixel arrays
 * @param labelColumn of numbers from 0 or of names
 * @param arrayShape of pixel arrays; null where they are square
 */
public record TableOptions(String imageColumn, String labelColumn, ImageShape arrayShape) {
  ImageForm arrays() {
    return ImageForm.numbers(DecodeSettings.DEFAULT.withArrayShape(arrayShape));
  }
}
