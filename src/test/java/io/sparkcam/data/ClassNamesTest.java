package io.sparkcam.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassNamesTest {
  @TempDir Path directory;

  private Optional<ClassNames> names() throws IOException {
    return ClassNames.in(DataPlace.of(directory.toString()), new Configuration(false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"labels.txt", "classes.txt"})
  void directoryMayNameItsClasses(String file) throws IOException {
    Files.writeString(directory.resolve(file), "\ufeffcat\r\n dog \r\nÿak\r\n\r\n");

    assertEquals(Optional.of(new ClassNames(List.of("cat", "dog", "ÿak"))), names());
  }

  @Test
  void badNamesAreRefused() throws IOException {
    assertRefused("cat\n\ndog\n", "class 1 is named '', expected a name of its own");
    assertRefused("cat\ndog\ncat", "class 2 is named 'cat', expected a name of its own");
    assertRefused(
        "cat\n\u001b[2Jdog\u009b",
        "class 1 is named '?[2Jdog?', expected no control characters (here ?)");
    assertRefused("", "0 class names, expected 1 to 65536");
    assertRefused(
        "x\n".repeat(2_200_000), "longer than 4194304 bytes, expected one class name a line");
    assertRefused(
        IntStream.range(0, 65537).mapToObj(Integer::toString).collect(Collectors.joining("\n")),
        "65537 class names, expected 1 to 65536");
    assertRefused("ÿ".getBytes(StandardCharsets.ISO_8859_1), "not UTF-8 text");
  }

  private void assertRefused(String text, String message) throws IOException {
    assertRefused(text.getBytes(StandardCharsets.UTF_8), message);
  }

  private void assertRefused(byte[] text, String message) throws IOException {
    Files.write(directory.resolve("labels.txt"), text);

    assertEquals(
        "labels.txt: " + message, assertThrows(IOException.class, this::names).getMessage());
  }
}
