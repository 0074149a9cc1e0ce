package io.sparkcam.table;

import java.util.Arrays;

/**
 * Repetition or definition levels of 0 and 1 as a version 1 data page holds them: a 4-byte
 * little-endian length, then runs, each an unsigned LEB128 of twice its length and its value in one
 * byte (Apache Parquet, "Encodings", RLE with bit width 1).
 */
final class LevelRuns {
  private byte[] bytes = new byte[64];
  private int size;
  private int value;
  private int count;

  LevelRuns() {
    clear();
  }

  void clear() {
    size = Integer.BYTES;
    value = 0;
    count = 0;
  }

  void add(int level, int times) {
    if (level != value) {
      endRun();
      value = level;
    }
    count += times;
  }

  private void endRun() {
    if (count == 0) {
      return;
    }
    int header = count << 1;
    while (header >= 0x80) {
      put((header & 0x7f) | 0x80);
      header >>>= 7;
    }
    put(header);
    put(value);
    count = 0;
  }

  private void put(int b) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size++] = (byte) b;
  }

  /** Ends the levels and says how many bytes they take. */
  int finish() {
    endRun();
    int length = size - Integer.BYTES;
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[i] = (byte) (length >>> (8 * i));
    }
    return size;
  }

  /** Copies what {@link #finish()} ended. */
  void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, size);
  }
}
