package io.sparkcam.data.image;

/**
 * Lossy WebP's Y, U and V to RGB, as libwebp computes it: chroma, stored at half the size, is
 * interpolated by weights of 9, 3, 3 and 1, then converted (ITU-R BT.601, of limited range).
 */
final class Yuv {
  private Yuv() {}

  /**
   * The pixels of a frame.
   *
   * @param luma (height, width)
   * @param u (ceil(height / 2), ceil(width / 2))
   * @param v as u
   * @return (row, column, red, green, blue)
   */
  static byte[] toRgb(int height, int width, byte[] luma, byte[] u, byte[] v) {
    int half = (width + 1) / 2;
    int rows = (height + 1) / 2;
    byte[] rgb = new byte[3 * height * width];
    int[] us = new int[width];
    int[] vs = new int[width];
    for (int y = 0; y < height; y++) {
      int near = y / 2;
      int far = Math.max(0, Math.min(rows - 1, y % 2 == 0 ? near - 1 : near + 1));
      interpolate(u, near * half, far * half, width, us);
      interpolate(v, near * half, far * half, width, vs);
      for (int x = 0; x < width; x++) {
        convert(luma[y * width + x] & 255, us[x], vs[x], rgb, 3 * (y * width + x));
      }
    }
    return rgb;
  }

  /** One row of chroma from the nearer and the farther of the two that it lies between. */
  private static void interpolate(byte[] plane, int near, int far, int width, int[] row) {
    for (int x = 0; x < width; x++) {
      int column = x / 2;
      int other = x % 2 == 0 ? column - 1 : column + 1;
      int a = plane[near + column] & 255;
      int c = plane[far + column] & 255;
      if (other < 0 || other >= (width + 1) / 2) {
        row[x] = (3 * a + c + 2) >> 2;
        continue;
      }
      int b = plane[near + other] & 255;
      int d = plane[far + other] & 255;
      // the mean of the diagonal, in two steps that both round down
      int diagonal = (a + b + c + d + 8 + 2 * (b + c)) >> 3;
      row[x] = (diagonal + a) >> 1;
    }
  }

  private static void convert(int y, int u, int v, byte[] rgb, int at) {
    int light = (y * 19077) >> 8;
    rgb[at] = clip(light + ((v * 26149) >> 8) - 14234);
    rgb[at + 1] = clip(light - ((u * 6419) >> 8) - ((v * 13320) >> 8) + 8708);
    rgb[at + 2] = clip(light + ((u * 33050) >> 8) - 17685);
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value >> 6));
  }
}
