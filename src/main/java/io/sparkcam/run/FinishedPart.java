package io.sparkcam.run;

import io.sparkcam.table.PartFile;
import java.io.Serializable;

/** A part of a table and what its rows add up to, as a task reports them to the driver. */
public final class FinishedPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PartFile part;
  private final byte[] sums;

  public FinishedPart(PartFile part, byte[] sums) {
    this.part = part;
    this.sums = sums.clone();
  }

  public PartFile part() {
    return part;
  }

  /** As whoever explained wrote them. */
  public byte[] sums() {
    return sums.clone();
  }
}
