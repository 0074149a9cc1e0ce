package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void wrappersOfEnginesAreTakenOff() {
    IOException inner = new IOException("labels.gz: 9 labels, expected 10");
    assertEquals(
        "labels.gz: 9 labels, expected 10",
        Failure.line(new ExecutionException(new RuntimeException("task failed", inner))));
    assertEquals("labels.gz: 9 labels, expected 10", Failure.line(new UncheckedIOException(inner)));
    assertEquals("labels.gz: 9 labels, expected 10", Failure.line(new IOException(inner)));
  }

  @Test
  void whoeverAddedThePlaceIsHeard() {
    IOException placed =
        new IOException(
            "a.gz: ends early", new EOFException("Unexpected end of ZLIB input stream"));
    assertEquals("a.gz: ends early", Failure.line(new RuntimeException("job failed", placed)));
  }

  @Test
  void theInnermostMessageForPeopleCounts() {
    Exception inner = new IllegalArgumentException("workers: 9, expected at most 4");
    assertEquals(
        "workers: 9, expected at most 4",
        Failure.line(new IOException("cannot write", new RuntimeException("x", inner))));
  }

  @Test
  void exceptionsWhoseMessageIsOnlyANameSayWhatIsWrongWithIt() {
    assertEquals("a/b.zip: no such file", Failure.line(new NoSuchFileException("a/b.zip")));
    assertEquals("unknown host: hdfs", Failure.line(new UnknownHostException("hdfs")));
  }

  @Test
  void onlyTheFirstLineIsShown() {
    assertEquals("first", Failure.line(new IllegalStateException("\nfirst\n\tat second")));
  }

  @Test
  void theTerminalTakesNoOrdersFromFiles() {
    assertEquals("entry 'a?[2Jb'", Failure.line(new IOException("entry 'a\u001b[2Jb'")));
  }

  @Test
  void whatIsForNobodyIsNamedByItsClass() {
    assertEquals(
        "ArithmeticException: / by zero",
        Failure.line(new RuntimeException(new ArithmeticException("/ by zero"))));
    assertEquals("EOFException", Failure.line(new EOFException()));
  }

  @Test
  void aCircleOfCausesEnds() {
    Exception one = new RuntimeException("one");
    one.initCause(new RuntimeException("two", one));
    assertEquals("RuntimeException: two", Failure.line(one));
  }
}
