package io.sparkcam.job;

/** An argument that only a look at the run or the data shows to be impossible. */
final class ImpossibleArgument extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ImpossibleArgument(String message) {
    super(message);
  }
}
