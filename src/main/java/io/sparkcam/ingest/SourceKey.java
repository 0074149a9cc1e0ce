package io.sparkcam.ingest;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import org.apache.spark.Partitioner;

/**
 * A record's place in the order of ids: by the SHA-256 of its source, which mixes the classes, in
 * the same way every time, so that the last tenth of the training images holds some of each.
 */
final class SourceKey implements Serializable, Comparable<SourceKey> {
  private static final long serialVersionUID = 1L;

  private final String source;

  /** The first 8 bytes of the SHA-256, unsigned. */
  private final long hash;

  SourceKey(String source) {
    this.source = source;
    this.hash = ByteBuffer.wrap(sha256(source.getBytes(StandardCharsets.UTF_8))).getLong();
  }

  static byte[] sha256(byte[] bytes) {
    return digest().digest(bytes);
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  String source() {
    return source;
  }

  @Override
  public int compareTo(SourceKey other) {
    int byHash = Long.compareUnsigned(hash, other.hash);
    return byHash != 0 ? byHash : source.compareTo(other.source);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceKey key && key.source.equals(source);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source);
  }

  /** Partitions of consecutive keys and, hashes being even, of about one size. */
  static final class Ranges extends Partitioner {
    private static final long serialVersionUID = 1L;
    private static final int BITS = 31;

    private final int partitions;

    Ranges(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      long upper = ((SourceKey) key).hash >>> (Long.SIZE - BITS);
      return (int) ((upper * partitions) >>> BITS);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Ranges ranges && ranges.partitions == partitions;
    }

    @Override
    public int hashCode() {
      return partitions;
    }
  }
}
