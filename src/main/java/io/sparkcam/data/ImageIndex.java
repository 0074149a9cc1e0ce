package io.sparkcam.data;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * Which chunk holds which images of one part of a data set: the ids of a chunk follow on those of
 * the chunk before it, from 0. It names the task attempts that count; what others wrote is
 * nobody's. A plain class, because Kryo does not read records.
 */
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
@JsonPropertyOrder({"version", "height", "width", "channels", "classes", "count", "chunks"})
public final class ImageIndex implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final JsonMapper JSON = new JsonMapper();

  private final int height;
  private final int width;
  private final int channels;
  private final int classes;
  private final long count;
  private final ArrayList<Chunk> chunks;

  /** Tells what is cached of this index from what is cached of others. */
  @JsonIgnore private final String token = UUID.randomUUID().toString();

  /** (chunk + 1): the first id of each chunk, then the number of all records. */
  @JsonIgnore private final long[] firstIds;

  private ImageIndex(ImageShape shape, int classes, long count, List<Chunk> chunks) {
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.classes = classes;
    this.chunks = new ArrayList<>(chunks);
    this.firstIds = new long[chunks.size() + 1];
    for (int i = 0; i < chunks.size(); i++) {
      firstIds[i + 1] = firstIds[i] + chunks.get(i).count();
    }
    this.count = count;
    if (classes < 1 || count < 1 || count > firstIds[chunks.size()]) {
      throw new IllegalArgumentException(
          "%s images of %s classes in chunks of %s, expected at least 1 and no more"
              .formatted(count, classes, firstIds[chunks.size()]));
    }
  }

  /**
   * All images of these chunks.
   *
   * @param classes labels are 0 to classes - 1
   * @param chunks in the order of the ids, at least one
   */
  public static ImageIndex of(ImageShape shape, int classes, List<Chunk> chunks) {
    return new ImageIndex(shape, classes, chunks.stream().mapToLong(Chunk::count).sum(), chunks);
  }

  /**
   * Plain IDX files: chunks are ranges of them.
   *
   * @param images address of the file of (image, row, column)
   * @param labels address of the file of (label)
   * @param count images in them, the first ones
   */
  public static ImageIndex ofIdx(
      ImageShape shape, int classes, String images, String labels, long count) {
    long most = ChunkLayout.recordsAChunk(shape);
    List<Chunk> chunks = new ArrayList<>();
    for (long first = 0; first < count; first += most) {
      chunks.add(Chunk.ofIdx(images, labels, first, Math.min(most, count - first)));
    }
    return of(shape, classes, chunks);
  }

  /** The first images only, with the chunks that hold them; all where there are no more. */
  public ImageIndex first(long limit) {
    if (limit >= count) {
      return this;
    }
    return new ImageIndex(shape(), classes, limit, chunks.subList(0, chunkOf(limit - 1) + 1));
  }

  @JsonCreator
  private static ImageIndex of(
      @JsonProperty("version") int version,
      @JsonProperty("height") int height,
      @JsonProperty("width") int width,
      @JsonProperty("channels") int channels,
      @JsonProperty("classes") int classes,
      @JsonProperty("count") long count,
      @JsonProperty("chunks") List<Chunk> chunks) {
    if (version != VERSION) {
      throw new IllegalArgumentException("version " + version + ", expected " + VERSION);
    }
    return new ImageIndex(new ImageShape(height, width, channels), classes, count, chunks);
  }

  /**
   * Reads {@link #json}.
   *
   * @param name of the file, for messages
   * @throws IOException if it is no index
   */
  public static ImageIndex read(byte[] json, String name) throws IOException {
    try {
      return JSON.readValue(json, ImageIndex.class);
    } catch (JsonProcessingException e) {
      throw new IOException(name + ": no index of images: " + e.getOriginalMessage(), e);
    }
  }

  /** As a small file. */
  public byte[] json() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  @JsonProperty
  int version() {
    return VERSION;
  }

  /** Ids are 0 to this - 1. */
  public long count() {
    return count;
  }

  public ImageShape shape() {
    return new ImageShape(height, width, channels);
  }

  /** Labels are 0 to classes - 1, or {@link io.sparkcam.data.ImageBlock#UNKNOWN}. */
  public int classes() {
    return classes;
  }

  /** In the order of the ids. */
  public List<Chunk> chunks() {
    return Collections.unmodifiableList(chunks);
  }

  /** Bytes of one image with its label. */
  public int recordBytes() {
    return ChunkLayout.recordSize(shape());
  }

  /**
   * In which order workers train on the first images in an epoch.
   *
   * @param epoch from 0
   */
  public EpochOrder order(long images, int shards, long seed, int epoch) {
    int block = ChunkLayout.recordsABlock(shape());
    return EpochOrder.of(images, recordBytes(), block, shards, seed, epoch);
  }

  /** A name that no other index has, for keys of {@link BlockCache}. */
  public String token() {
    return token;
  }

  /** The number of the chunk that holds an image. */
  int chunkOf(long id) {
    if (id < 0 || id >= count) {
      throw new IllegalArgumentException("image " + id + ", expected 0 to " + (count - 1));
    }
    int place = Arrays.binarySearch(firstIds, id);
    return place >= 0 ? place : -place - 2;
  }

  /** The id of a chunk's first record. */
  long firstId(int chunk) {
    return firstIds[chunk];
  }
}
