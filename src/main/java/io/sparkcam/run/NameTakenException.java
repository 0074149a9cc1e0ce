package io.sparkcam.run;

import java.io.IOException;

/** A run of the name is published, or another process makes it. */
final class NameTakenException extends IOException {
  private static final long serialVersionUID = 1L;

  NameTakenException(String message) {
    super(message);
  }
}
