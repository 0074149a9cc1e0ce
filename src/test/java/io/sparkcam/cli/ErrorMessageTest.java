package io.sparkcam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ErrorMessageTest {
  @Test
  void wrappersOfEnginesAreTakenOff() {
    IOException inner = new IOException("labels.gz: 9 labels, expected 10");
    assertEquals(
        "labels.gz: 9 labels, expected 10",
        ErrorMessage.line(new ExecutionException(new RuntimeException("task failed", inner))));
    assertEquals(
        "labels.gz: 9 labels, expected 10", ErrorMessage.line(new UncheckedIOException(inner)));
    assertEquals("labels.gz: 9 labels, expected 10", ErrorMessage.line(new IOException(inner)));
  }

  @Test
  void whoeverAddedThePlaceIsHeard() {
    IOException placed =
        new IOException(
            "a.gz: ends early", new EOFException("Unexpected end of ZLIB input stream"));
    assertEquals("a.gz: ends early", ErrorMessage.line(new RuntimeException("job failed", placed)));
  }

  @Test
  void theInnermostMessageForPeopleCounts() {
    Exception inner = new IllegalArgumentException("workers: 9, expected at most 4");
    assertEquals(
        "workers: 9, expected at most 4",
        ErrorMessage.line(new IOException("cannot write", new RuntimeException("x", inner))));
  }

  @Test
  void whatALibrarySaysDoesNotDisplaceWhatWasSaidHere() {
    Exception library =
        assertThrows(IllegalArgumentException.class, () -> UUID.fromString(String.valueOf(true)));
    assertEquals(
        "a.h5: cannot be read",
        ErrorMessage.line(
            new RuntimeException(
                new IOException("a.h5: cannot be read", new RuntimeException("x", library)))));
    assertEquals(
        library.getMessage(), ErrorMessage.line(new RuntimeException("task failed", library)));
  }

  @Test
  void exceptionsWhoseMessageIsOnlyANameSayWhatIsWrongWithIt() {
    assertEquals("a/b.zip: no such file", ErrorMessage.line(new NoSuchFileException("a/b.zip")));
    assertEquals("unknown host: hdfs", ErrorMessage.line(new UnknownHostException("hdfs")));
  }

  @Test
  void onlyTheFirstLineIsShown() {
    assertEquals("first", ErrorMessage.line(new IllegalStateException("\nfirst\n\tat second")));
  }

  @Test
  void theTerminalTakesNoOrdersFromFiles() {
    assertEquals("entry 'a?[2Jb'", ErrorMessage.line(new IOException("entry 'a\u001b[2Jb'")));
  }

  @Test
  void whatIsForNobodyIsNamedByItsClass() {
    assertEquals(
        "ArithmeticException: / by zero",
        ErrorMessage.line(new RuntimeException(new ArithmeticException("/ by zero"))));
    assertEquals("EOFException", ErrorMessage.line(new EOFException()));
  }

  @Test
  void aCircleOfCausesEnds() {
    Exception one = new RuntimeException("one");
    one.initCause(new RuntimeException("two", one));
    assertEquals("RuntimeException: two", ErrorMessage.line(one));
  }
}
