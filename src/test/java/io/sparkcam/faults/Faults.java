package io.sparkcam.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A fault that strikes at one of the operations of a run: by what is done to which file and how
 * often before.
 */
final class Faults {
  /** What happens at the operation. */
  enum Kind {
    /** The disk is full from then on: nothing is created, written or synced. */
    NO_SPACE("No space left on device"),
    /** The disk fails once. */
    IO_ERROR("Input/output error"),
    /** Nothing is done to any file from then on, as if the process had been killed. */
    KILL("killed");

    private static final Set<String> GROWING =
        Set.of("create", "write", "sync", "close", "mkdirs", "copy");

    private final String message;

    Kind(String message) {
      this.message = message;
    }

    /** Whether it can strike there. */
    boolean strikes(String operation) {
      return this != NO_SPACE || GROWING.contains(operation.substring(0, operation.indexOf(' ')));
    }
  }

  private static final List<String> OPERATIONS = new ArrayList<>();
  private static final Map<String, Integer> TIMES = new HashMap<>();

  private static Kind kind = Kind.KILL;
  private static String at = "";
  private static boolean struck;

  private Faults() {}

  /** From now on nothing fails. */
  static void none() {
    strike(Kind.KILL, "");
  }

  /**
   * From now on this fails.
   *
   * @param operation one of {@link #operations}
   */
  static synchronized void strike(Kind newKind, String operation) {
    OPERATIONS.clear();
    TIMES.clear();
    kind = newKind;
    at = operation;
    struck = false;
  }

  /** Whether it has failed. */
  static synchronized boolean struck() {
    return struck;
  }

  /** What was done since, in order, such as {@code write a/model.zip 1}. */
  static synchronized List<String> operations() {
    return List.copyOf(OPERATIONS);
  }

  /** An operation such as {@code create /x/y} is about to be done. */
  static synchronized void operate(String operation) throws IOException {
    String what =
        operation
            .replaceFirst(" .*/runs/\\d+", " ")
            .replaceFirst(" .*/sparkcam-data-[^/]*/", " scratch/")
            .replaceAll("-\\d+(?=-|\\.)", "-N");
    what += " " + TIMES.merge(what, 1, Integer::sum);
    OPERATIONS.add(what);
    boolean now = !struck && what.equals(at);
    struck |= now;
    if (kind == Kind.IO_ERROR ? now : struck && kind.strikes(what)) {
      // What is done to a stream does not know its file.
      boolean nameless = what.matches("(write|sync|close) .*");
      throw new IOException(nameless ? kind.message : operation + ": " + kind.message);
    }
  }
}
