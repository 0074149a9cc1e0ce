package io.sparkcam.data.ingest;

import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ingest.RowFiles.WrittenFile;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One part of a data set, ready to be read by id. A plain class, because Kryo does not read
 * records.
 */
public final class StoredPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ImageIndex index;
  private final long sourceCount;
  private final long bad;
  private final String images;
  private final String imagesSha256;
  private final String labels;
  private final String labelsSha256;
  private final ArrayList<Long> labelCounts;
  private long unread;
  private long constant;
  private boolean sorted;
  private final TreeMap<String, Long> ignored = new TreeMap<>();
  private final TreeMap<String, WrittenFile> tables = new TreeMap<>();

  /**
   * A file, or a list of files, as it was read.
   *
   * @param sha256 of its bytes as they are stored, in lower-case hexadecimal
   */
  public record SourceFile(String name, String sha256) {}

  /**
   * A part that was read.
   *
   * @param index which images are where: the first ones of the source
   * @param sourceCount images in the source, good and bad, of those that were looked at
   * @param bad images of the source that were left out because they cannot be used
   * @param labelCounts (class), of the good images
   * @param images what the pixels were read from
   * @param labels what the labels were read from
   */
  public StoredPart(
      ImageIndex index,
      long sourceCount,
      long bad,
      List<Long> labelCounts,
      SourceFile images,
      SourceFile labels) {
    this.index = index;
    this.sourceCount = sourceCount;
    this.bad = bad;
    this.labelCounts = new ArrayList<>(labelCounts);
    this.images = images.name();
    this.imagesSha256 = images.sha256();
    this.labels = labels.name();
    this.labelsSha256 = labels.sha256();
  }

  /**
   * The same with what was noticed.
   *
   * @param constant images whose pixels are all the same
   * @param sorted whether the images are in the order of their classes
   */
  public StoredPart withFindings(long constant, boolean sorted) {
    StoredPart part = withSources(unread, constant, ignored, tables);
    part.sorted = sorted;
    return part;
  }

  /**
   * The same with what is known of single sources.
   *
   * @param unread sources that were not looked at because of a limit
   * @param constant good images whose pixels are all the same
   * @param ignored files in the part's directories that are no sources: how many of which kind
   * @param tables parts of tables for the run, by their names in it
   */
  StoredPart withSources(
      long unread, long constant, Map<String, Long> ignored, Map<String, WrittenFile> tables) {
    StoredPart part = new StoredPart(index, sourceCount, bad, labelCounts, images(), labels());
    part.unread = unread;
    part.constant = constant;
    part.ignored.putAll(ignored);
    part.tables.putAll(tables);
    return part;
  }

  /** Which images are where. */
  public ImageIndex index() {
    return index;
  }

  /** Images that are used: ids are 0 to this - 1. */
  public long count() {
    return index.count();
  }

  /** Images in the source, good and bad, of those that were looked at. */
  public long sourceCount() {
    return sourceCount;
  }

  /** Images of the source that were left out because they cannot be used. */
  public long bad() {
    return bad;
  }

  /** Sources that were not looked at because of a limit. */
  public long unread() {
    return unread;
  }

  /** Good images whose pixels are all the same. */
  public long constant() {
    return constant;
  }

  /** Whether several classes follow each other, one after the other. */
  public boolean sorted() {
    return sorted;
  }

  /** (class), of the good images. */
  public List<Long> labelCounts() {
    return Collections.unmodifiableList(labelCounts);
  }

  /** Files in the part's directories that are no sources: how many of which kind. */
  public Map<String, Long> ignored() {
    return Collections.unmodifiableMap(ignored);
  }

  /** Parts of tables for the run, by their names in it. */
  public Map<String, WrittenFile> tables() {
    return Collections.unmodifiableMap(tables);
  }

  /** What the pixels were read from. */
  public SourceFile images() {
    return new SourceFile(images, imagesSha256);
  }

  /** What the labels were read from. */
  public SourceFile labels() {
    return new SourceFile(labels, labelsSha256);
  }
}
