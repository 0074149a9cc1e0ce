package io.sparkcam.data.ingest;

import io.sparkcam.storage.Sha256;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.spark.Partitioner;

/**
 * A source's place in the order of ids: by the SHA-256 of its name, which mixes the classes, in the
 * same way every time, so that the last tenth of the training images holds some of each.
 */
public final class SourceKey implements Serializable, Comparable<SourceKey> {
  private static final long serialVersionUID = 1L;

  private static final int MANTISSA = 53;

  private final String source;

  /** The first 8 bytes of the SHA-256, unsigned. */
  private final long hash;

  /**
   * @param source its name, relative to the data set
   */
  public SourceKey(String source) {
    this.source = source;
    this.hash = ByteBuffer.wrap(sha256()).getLong();
  }

  /** The source's name. */
  public String source() {
    return source;
  }

  /** A number from 0 to below 1 that has nothing to do with the order. */
  public double share() {
    long bits = ByteBuffer.wrap(sha256()).getLong(Long.BYTES);
    return (bits >>> (Long.SIZE - MANTISSA)) / (double) (1L << MANTISSA);
  }

  private byte[] sha256() {
    return Sha256.digest().digest(source.getBytes(StandardCharsets.UTF_8));
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
  public static final class Ranges extends Partitioner {
    private static final long serialVersionUID = 1L;
    private static final int BITS = 31;

    /** Of encoded images in a partition, about, up to so many partitions, and beyond. */
    private static final long FEW_BYTES = 8L << 20;

    private static final long MANY_BYTES = 64L << 20;
    private static final long FEW = 64;

    private final int partitions;

    public Ranges(int partitions) {
      this.partitions = partitions;
    }

    /** As many as so many bytes of encoded images need, whoever works on them. */
    public static Ranges ofBytes(long bytes) {
      long partitions = Math.min(bytes / FEW_BYTES, FEW + bytes / MANY_BYTES) + 1;
      return new Ranges((int) Math.min(partitions, 1 << 20));
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
