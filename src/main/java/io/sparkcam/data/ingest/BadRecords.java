package io.sparkcam.data.ingest;

/** What is done with a record that cannot be used. */
public enum BadRecords {
  /** The first is named and nothing is read. */
  FAIL,
  /** They are counted. */
  DROP,
  /** They are counted, and each is named with the reason in a table of the run. */
  QUARANTINE
}
