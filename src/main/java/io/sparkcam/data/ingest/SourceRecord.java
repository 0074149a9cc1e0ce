package io.sparkcam.data.ingest;

import java.io.Serializable;

/**
 * What is known of a source before it is decoded.
 *
 * <p>Not a record type: Kryo cannot read those, and Spark may be set to use it.
 */
public final class SourceRecord implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String label;
  private final Object content;

  /**
   * @param label as the source spells its class; null if it has none
   * @param content what the image is decoded from, or what says where that is; null if nothing
   */
  public SourceRecord(String label, Object content) {
    this.label = label;
    this.content = content;
  }

  /** As the source spells its class; null if it has none. */
  public String label() {
    return label;
  }

  /** What a {@link ContentReader} takes. */
  public Object content() {
    return content;
  }
}
