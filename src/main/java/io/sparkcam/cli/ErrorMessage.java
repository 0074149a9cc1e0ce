package io.sparkcam.cli;

import io.sparkcam.text.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Puts a failure into one line. Engines wrap what went wrong several times; the innermost message
 * that was written for people is taken: that of an {@link IOException}, {@link
 * UncheckedIOException}, {@link IllegalArgumentException} or {@link IllegalStateException}. When
 * such an exception was itself wrapped in another such, with words of its own, somebody added where
 * it happened, and that is the better message. Messages of this project go before those of
 * libraries, however deep these are.
 */
public final class ErrorMessage {
  private static final int DEEPEST = 50;
  private static final String OWN = "io.sparkcam.";

  private ErrorMessage() {}

  static String line(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    boolean own = chain.stream().anyMatch(each -> speaks(each) && own(each));
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (speaks(chain.get(i)) && (!own || own(chain.get(i)))) {
        int outer = i;
        while (outer > 0 && speaks(chain.get(outer - 1))) {
          outer--;
        }
        return firstLine(words(chain.get(outer)));
      }
    }
    Throwable innermost = chain.get(chain.size() - 1);
    String name = innermost.getClass().getSimpleName();
    String message = innermost.getMessage();
    return message == null || message.isBlank() ? name : name + ": " + firstLine(message);
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    Throwable next = thrown;
    while (next != null && chain.size() < DEEPEST) {
      chain.add(next);
      next = next.getCause();
    }
    return chain;
  }

  /** Whether it is of a kind meant for people, and says more than its cause does. */
  private static boolean speaks(Throwable thrown) {
    boolean meantForPeople =
        thrown instanceof IOException
            || thrown instanceof UncheckedIOException
            || thrown instanceof IllegalArgumentException
            || thrown instanceof IllegalStateException;
    String message = thrown.getMessage();
    Throwable cause = thrown.getCause();
    return meantForPeople
        && message != null
        && !message.isBlank()
        && (cause == null || !message.equals(cause.toString()));
  }

  /** Whether it was made here: libraries throw the same kinds, and do not know what they read. */
  private static boolean own(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith(OWN);
  }

  private static String words(Throwable thrown) {
    if (thrown instanceof FileSystemException file && file.getReason() == null) {
      // Its message is the path alone; what is wrong with it is only in the name of the class.
      return file.getFile() + ": " + spelled(thrown);
    }
    if (thrown instanceof UnknownHostException) {
      return spelled(thrown) + ": " + thrown.getMessage();
    }
    return thrown.getMessage();
  }

  /** {@code NoSuchFileException}: no such file. */
  private static String spelled(Throwable thrown) {
    return thrown
        .getClass()
        .getSimpleName()
        .replaceFirst("Exception$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }

  private static String firstLine(String text) {
    return Printable.of(text.strip().lines().findFirst().orElse(""));
  }
}
