package io.sparkcam.data.folder;

import java.util.Locale;
import java.util.Set;

/** Which files are taken for images, by their names; what they are is decided by their content. */
final class ImageFiles {
  private static final Set<String> EXTENSIONS =
      Set.of(
          "png", "jpg", "jpeg", "jpe", "jfif", "webp", "bmp", "gif", "tif", "tiff", "heic", "heif",
          "avif", "jp2", "pbm", "ppm", "pgm", "pnm", "tga");

  private ImageFiles() {}

  static boolean isImage(String name) {
    return EXTENSIONS.contains(extension(name));
  }

  /** In lower case, without the dot; empty if the name has none. */
  static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
