package io.sparkcam.table;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.sparkcam.storage.PlainName;
import java.io.Serializable;
import java.util.Objects;

/**
 * One written file of the table, as a task reports it to the driver. A plain class, because Kryo
 * does not read records.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
@JsonPropertyOrder({"name", "rows", "bytes", "sha256", "first_id", "last_id"})
public final class PartFile implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final long rows;
  private final long bytes;
  private final String sha256;
  private final long firstId;
  private final long lastId;

  /**
   * Describes a written file.
   *
   * @param name file name, without directories
   * @param sha256 of the whole file, 64 lower-case hexadecimal digits
   * @param firstId smallest id; -1 without rows
   * @param lastId largest id; -1 without rows
   */
  @JsonCreator
  public PartFile(
      @JsonProperty("name") String name,
      @JsonProperty("rows") long rows,
      @JsonProperty("bytes") long bytes,
      @JsonProperty("sha256") String sha256,
      @JsonProperty("first_id") long firstId,
      @JsonProperty("last_id") long lastId) {
    if (!PlainName.is(name)) {
      throw new IllegalArgumentException("part '" + name + "', expected a plain name");
    }
    this.name = name;
    if (rows < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          name + ": " + rows + " rows in " + bytes + " bytes, expected no negative number");
    }
    this.rows = rows;
    this.bytes = bytes;
    this.sha256 = Objects.requireNonNull(sha256, "sha256");
    this.firstId = firstId;
    this.lastId = lastId;
  }

  public String name() {
    return name;
  }

  public long rows() {
    return rows;
  }

  public long bytes() {
    return bytes;
  }

  public String sha256() {
    return sha256;
  }

  public long firstId() {
    return firstId;
  }

  public long lastId() {
    return lastId;
  }

  /** The same bytes under another name. */
  public PartFile named(String other) {
    return new PartFile(other, rows, bytes, sha256, firstId, lastId);
  }

  @Override
  public String toString() {
    return "%s: %s rows (ids %s to %s), %s bytes, sha256 %s"
        .formatted(name, rows, firstId, lastId, bytes, sha256);
  }
}
