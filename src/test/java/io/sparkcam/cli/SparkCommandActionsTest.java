package io.sparkcam.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SparkCommandActionsTest {
  @Test
  void tooLittleMemoryIsSaidInItsOwnName() {
    IOException e =
        assertThrows(IOException.class, () -> SparkCommandActions.requireMemory(100L << 20));
    assertEquals("SPARKCAM_MEMORY: the driver has 100 MiB, expected at least 512m", e.getMessage());
    assertDoesNotThrow(() -> SparkCommandActions.requireMemory(460L << 20));
  }

  @Test
  void fullTemporaryDirectoryIsNamed() {
    File temporary = new File("/some/tmp");
    IOException e =
        assertThrows(
            IOException.class, () -> SparkCommandActions.requireSpace(temporary, 60L << 10));
    assertEquals(
        "/some/tmp: the temporary directory has 60 KiB left, expected at least 3072; TMPDIR names"
            + " another",
        e.getMessage());
    assertDoesNotThrow(() -> SparkCommandActions.requireSpace(temporary, 4L << 20));
  }
}
