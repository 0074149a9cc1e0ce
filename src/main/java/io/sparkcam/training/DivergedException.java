package io.sparkcam.training;

/** Training that came to numbers that are not finite: nothing follows from going on. */
public final class DivergedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }
}
