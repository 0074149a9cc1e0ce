package io.sparkcam.data.image;

/** A record cannot be used; the message is the reason, without the record's place. */
public final class BadRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  public BadRecordException(String reason) {
    super(reason);
  }
}
