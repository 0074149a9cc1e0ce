package io.sparkcam.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An output directory that others can write to: what they plant there is neither used nor followed.
 */
class PlantedNamesTest {
  @TempDir Path temporary;

  private Path output() throws IOException {
    return Files.createDirectories(temporary.resolve("out"));
  }

  private Path precious() throws IOException {
    Path directory = Files.createDirectories(temporary.resolve("precious"));
    Files.writeString(directory.resolve("file"), "precious");
    return directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {".sample.staging", ".sample.checkpoints", "sample"})
  void linksAreRefusedAndWhatTheyPointAtStays(String name) throws IOException {
    Path precious = precious();
    Path link = Files.createSymbolicLink(output().resolve(name), precious);
    String expected =
        "%s: is a symbolic link to %s, expected a file or directory of this user; remove the link"
            .formatted(link, precious);
    for (boolean resumes : new boolean[] {false, true}) {
      IOException refused =
          assertThrows(
              IOException.class,
              () -> {
                String out = output().toString();
                RunDirectory run =
                    resumes
                        ? RunDirectory.resume(out, "sample", SampleRun.CONFIGURATION)
                        : RunDirectory.begin(out, "sample", SampleRun.CONFIGURATION);
                run.close();
              });
      assertEquals(expected, refused.getMessage());
      assertEquals("precious", Files.readString(precious.resolve("file")));
    }
  }

  @Test
  void linkInsideTheStagingDirectoryIsRefused() throws IOException {
    Path precious = precious();
    Path staging = Files.createDirectories(output().resolve(".sample.staging"));
    Files.createSymbolicLink(staging.resolve("attempts"), precious);
    assertThrows(
        IOException.class,
        () -> RunDirectory.resume(output().toString(), "sample", SampleRun.CONFIGURATION));
    assertEquals("precious", Files.readString(precious.resolve("file")));
  }

  @Test
  void loopsOfLinksAreNotWalked() throws IOException {
    Path precious = precious();
    Path staging = Files.createDirectories(output().resolve(".sample.staging"));
    Files.createSymbolicLink(staging.resolve("loop"), staging);
    Files.createSymbolicLink(staging.resolve("elsewhere"), precious);
    List<UnpublishedRun> left = UnpublishedRun.under(output().toString(), SampleRun.CONFIGURATION);
    assertEquals(1, left.size());
    assertEquals(0, left.get(0).entries().get(0).bytes());
    left.get(0).remove();
    try (var files = Files.list(output())) {
      assertEquals(List.of(), files.toList());
    }
    assertEquals("precious", Files.readString(precious.resolve("file")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "{}", "{\"host\":null}", "\u0000", "1", "{\"host\":\"a\"}"})
  void ownerFileOfAnyContentIsAnOwnerThatNobodyKnows(String content) throws IOException {
    Files.createDirectories(output().resolve(".sample.staging"));
    Files.writeString(output().resolve(".sample.owner"), content);
    List<UnpublishedRun> left = UnpublishedRun.under(output().toString(), SampleRun.CONFIGURATION);
    assertEquals(UnpublishedRun.State.BEING_MADE, left.get(0).state());
    IOException refused = assertThrows(IOException.class, () -> left.get(0).remove());
    assertTrue(refused.getMessage().contains("does not name the process"), refused::getMessage);
  }

  /**
   * A process of another namespace has numbers of its own: that none of them is here says nothing.
   */
  @Test
  void processOfAnotherNamespaceCountsAsAlive() throws IOException {
    RunLock.Owner here = RunLock.Owner.current();
    RunLock.Owner there =
        new RunLock.Owner(here.host(), here.machine() + "1", 1, "2001-01-01T00:00:00Z");
    Files.writeString(
        output().resolve(".sample.owner"), new JsonMapper().writeValueAsString(there));
    IOException refused =
        assertThrows(
            IOException.class,
            () -> RunDirectory.begin(output().toString(), "sample", SampleRun.CONFIGURATION));
    assertTrue(refused.getMessage().contains("process 1 on " + here.host()), refused::getMessage);
  }
}
