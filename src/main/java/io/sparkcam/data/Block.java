package io.sparkcam.data;

import java.nio.ByteBuffer;

/** Records as they were read and checked, all of one size. */
final class Block {
  private final int[] labels;
  private final byte[] bytes;
  private final int stride;
  private final int offset;

  private Block(int[] labels, byte[] bytes, int stride, int offset) {
    this.labels = labels;
    this.bytes = bytes;
    this.stride = stride;
    this.offset = offset;
  }

  /** Of a chunk file. */
  static Block ofRecords(byte[] bytes, int records, int recordSize) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int[] labels = new int[records];
    for (int i = 0; i < records; i++) {
      labels[i] = buffer.getInt(i * recordSize);
    }
    return new Block(labels, bytes, recordSize, Integer.BYTES);
  }

  /** Of a pair of IDX files. */
  static Block ofIdx(byte[] pixels, byte[] labels) {
    int[] values = new int[labels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = labels[i] & 0xff;
    }
    return new Block(values, pixels, pixels.length / labels.length, 0);
  }

  int label(int record) {
    return labels[record];
  }

  int count() {
    return labels.length;
  }

  /** Copies a record's pixels. */
  void pixels(int record, byte[] target, int place, int size) {
    System.arraycopy(bytes, record * stride + offset, target, place, size);
  }
}
