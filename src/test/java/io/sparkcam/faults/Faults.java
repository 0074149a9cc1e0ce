package io.sparkcam.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A fault that strikes at one of the operations of a run, by its number. */
final class Faults {
  /** What happens at the operation. */
  enum Kind {
    /** Nothing is done to any file from then on, as if the process had been killed. */
    KILL,
    /** The disk is full from then on: nothing is created, written or synced. */
    NO_SPACE,
    /** The disk fails once. */
    IO_ERROR
  }

  private static final List<String> OPERATIONS = new ArrayList<>();
  private static final List<String> GROWING = List.of("create", "write", "sync", "mkdirs", "copy");

  private static Kind kind;
  private static int number;

  private Faults() {}

  /** From now on: the n-th operation, from 1, of those that follow; 0 for none. */
  static synchronized void strike(Kind newKind, int at) {
    OPERATIONS.clear();
    kind = newKind;
    number = at;
  }

  /** What was done since, in order. */
  static synchronized List<String> operations() {
    return List.copyOf(OPERATIONS);
  }

  /** An operation such as {@code create /x/y} is about to be done. */
  static synchronized void operate(String operation) throws IOException {
    OPERATIONS.add(operation);
    int now = OPERATIONS.size();
    if (number == 0 || now < number) {
      return;
    }
    boolean grows = GROWING.contains(operation.substring(0, operation.indexOf(' ')));
    switch (kind) {
      case KILL -> throw new IOException("killed");
      case NO_SPACE -> {
        if (grows) {
          throw new IOException("No space left on device");
        }
      }
      case IO_ERROR -> {
        if (now == number) {
          throw new IOException("Input/output error");
        }
      }
    }
  }
}
