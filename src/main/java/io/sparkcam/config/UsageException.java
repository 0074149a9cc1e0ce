package io.sparkcam.config;

/** An argument that only a look at the run or the data shows to be impossible. */
public final class UsageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
