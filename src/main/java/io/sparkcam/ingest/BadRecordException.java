package io.sparkcam.ingest;

/** A record cannot be used; the message is the reason, without the record's place. */
final class BadRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  BadRecordException(String reason) {
    super(reason);
  }
}
