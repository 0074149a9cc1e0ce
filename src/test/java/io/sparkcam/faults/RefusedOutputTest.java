package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.faults.GatedFiles.Then;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that are somebody else's, or that refuse what is asked of them. */
@Tag("faults")
class RefusedOutputTest {
  private static final String TWO_RUNS = "two runs of one name";

  @TempDir Path directory;

  private Job start(Path output, String... more) throws Exception {
    return start(new Launch(directory), output, more);
  }

  private Job start(Launch launch, Path output, String... more) throws Exception {
    return launch.start(Undisturbed.run().arguments(output, more));
  }

  /** A rename is refused, and then somebody takes the name while the run is gone on with. */
  @Test
  void nameThatIsRefusedOrTakenIsMadeUpFor() throws Exception {
    List<String> faults = List.of("rename refused", "name taken meanwhile");
    faults.forEach(FaultTable::tried);
    Path output = directory.resolve("out");
    Path target = output.resolve(Undisturbed.RUN);
    Launch refusing = new Launch(directory).at("rename .*/\\.a\\.staging .*", Then.REFUSE);
    try (Job job = start(refusing, output)) {
      assertEquals(
          "sparkcam: %s/.a.staging: cannot be renamed to %s".formatted(output, target),
          job.fails());
    }
    Undisturbed.assertNothing(output);
    Launch taken = new Launch(directory).at("close .*/\\.a\\.staging/manifest.json", Then.HOLD);
    try (Job job = start(taken, output, "--resume")) {
      job.reached();
      Files.writeString(target, "precious");
      job.gate().release();
      assertEquals(
          "sparkcam: " + target + ": already exists, remove it or choose another run id",
          job.fails());
    }
    assertEquals("precious", Files.readString(target));
    Files.delete(target);
    try (Job job = start(output, "--resume")) {
      job.succeeds();
    }
    Undisturbed.run().assertSame(faults, output);
  }

  /** One is held in the middle of the run until the other has been refused. */
  @Test
  void ofTwoRunsOfOneNameOneIsMade() throws Exception {
    FaultTable.tried(TWO_RUNS);
    Path output = directory.resolve("out");
    Launch launch = new Launch(directory).at("create .*epoch-00001-round-0000002.*", Then.HOLD);
    try (Job first = start(launch, output)) {
      first.reached();
      for (String[] how : new String[][] {{}, {"--resume"}}) {
        try (Job second = start(output, how)) {
          String line = second.fails();
          assertTrue(line.startsWith("sparkcam: " + output + "/a: process "), line);
        }
      }
      first.gate().release();
      first.succeeds();
    }
    Undisturbed.run().assertSame(TWO_RUNS, output);
  }

  /** Where a file was in the way before. */
  @Test
  void ofTwoRunsThatBeginAtOnceOneIsMade() throws Exception {
    List<String> faults = List.of("output under a file", TWO_RUNS);
    faults.forEach(FaultTable::tried);
    Path file = Files.writeString(directory.resolve("file"), "precious");
    Path output = file.resolve("out");
    try (Job job = start(output)) {
      String line = job.fails();
      assertTrue(line.startsWith("sparkcam: " + output + ": cannot be written: "), line);
    }
    assertEquals("precious", Files.readString(file));
    Files.delete(file);
    try (Job one = start(output);
        Job other = start(output)) {
      int code = one.code();
      assertEquals(1, code + other.code(), one.err() + other.err());
      String line = code == 1 ? one.fails() : other.fails();
      assertTrue(
          line.matches(
              "sparkcam: \\Q"
                  + output
                  + "\\E/a: (process \\d+ on .* has been making this run since|another process has"
                  + " just begun this run|already exists).*"),
          line);
    }
    Undisturbed.run().assertSame(faults, output);
  }
}
