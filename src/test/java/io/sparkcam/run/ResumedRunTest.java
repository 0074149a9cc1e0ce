package io.sparkcam.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.SampleExplanations;
import io.sparkcam.testing.ObjectStore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that one process begins and another takes over, on both kinds of file systems. */
class ResumedRunTest {
  private static final Configuration CONFIGURATION = ObjectStore.in(new Configuration());

  @TempDir Path output;
  private final SampleExplanations samples = new SampleExplanations(SampleRun.SHAPE);

  @AfterEach
  void heal() {
    ObjectStore.heal();
  }

  private String output(String scheme) {
    return scheme + "://" + output;
  }

  private RunDirectory resume(String scheme) throws IOException {
    return RunDirectory.resume(output(scheme), "sample", CONFIGURATION);
  }

  private static final byte[] SUMS = {3, 1, 4};

  private PartFile finish(PartFiles attempts, int partition, ExplanationBatch rows)
      throws IOException {
    PartFile part = SampleRun.part(attempts.file(partition, 0), rows);
    attempts.finish(partition, new FinishedPart(part, SUMS), CONFIGURATION);
    return part;
  }

  private List<String> names(String directory) throws IOException {
    try (var entries = Files.list(output.resolve(directory))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "objects"})
  void finishedPartsOfTheSameOriginAreTakenOver(String scheme) throws IOException {
    try (RunDirectory dead = RunDirectory.begin(output(scheme), "sample", CONFIGURATION)) {
      dead.write("model.zip", SampleRun.text("a model"));
      PartFiles attempts = dead.attempts("model A");
      finish(attempts, 0, samples.batch(0, 9));
      SampleRun.part(attempts.file(1, 1), samples.batch(9, 12));
    }
    assertTrue(Files.exists(output.resolve(".sample.checkpoints")));
    try (RunDirectory other = resume(scheme)) {
      assertFalse(other.attempts("model B").finished(0, CONFIGURATION).isPresent());
    }
    try (RunDirectory run = resume(scheme)) {
      run.write("model.zip", SampleRun.text("a model"));
      PartFiles attempts = run.attempts("model A");
      assertFalse(attempts.finished(1, CONFIGURATION).isPresent());
      List<PartFile> written = new ArrayList<>();
      written.add(attempts.finished(0, CONFIGURATION).orElseThrow().part());
      written.add(finish(attempts, 1, samples.batch(9, 12)));
      List<PartFile> parts = run.adopt(written);
      run.publish(SampleRun.manifest(run, parts), (staged, manifest) -> {});
    }
    assertEquals(List.of("sample"), names("."));
    assertEquals(List.of("explanations", "manifest.json", "model.zip"), names("sample"));
    assertEquals(List.of("part-00000.parquet", "part-00001.parquet"), names("sample/explanations"));
  }

  /** Killed after the first part was adopted, or half of the second copied. */
  @ParameterizedTest
  @ValueSource(strings = {"copy", "delete"})
  void adoptionGoesOnWhereItStopped(String stops) throws IOException {
    ObjectStore.failing(what -> what.matches(stops + " .*/part-00001-.*"));
    try (RunDirectory dead = RunDirectory.begin(output("objects"), "sample", CONFIGURATION)) {
      PartFiles attempts = dead.attempts("model A");
      List<PartFile> written =
          List.of(
              finish(attempts, 0, samples.batch(0, 9)), finish(attempts, 1, samples.batch(9, 12)));
      assertThrows(IOException.class, () -> dead.adopt(written));
    }
    ObjectStore.heal();
    try (RunDirectory run = resume("objects")) {
      PartFiles attempts = run.attempts("model A");
      run.adopt(
          List.of(
              attempts.finished(0, CONFIGURATION).orElseThrow().part(),
              attempts.finished(1, CONFIGURATION).orElseThrow().part()));
      assertEquals(
          List.of("part-00000.parquet", "part-00001.parquet"), names("sample/explanations"));
    }
  }

  @Test
  void partWhoseBytesChangedIsNotFinished() throws IOException {
    PartFile part;
    try (RunDirectory dead = RunDirectory.begin(output("file"), "sample", CONFIGURATION)) {
      part = finish(dead.attempts("model A"), 0, samples.batch(0, 9));
    }
    Path file = output.resolve(".sample.staging/attempts").resolve(part.name());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    try (RunDirectory run = resume("file")) {
      assertFalse(run.attempts("model A").finished(0, CONFIGURATION).isPresent());
    }
  }

  @Test
  void noteThatWasCutOffCountsForNothing() throws IOException {
    try (RunDirectory dead = RunDirectory.begin(output("file"), "sample", CONFIGURATION)) {
      finish(dead.attempts("model A"), 0, samples.batch(0, 9));
    }
    Path notes = output.resolve(".sample.checkpoints/parts");
    Path note = notes.resolve(names(".sample.checkpoints/parts").get(0));
    Files.write(note, java.util.Arrays.copyOf(Files.readAllBytes(note), 20));
    try (RunDirectory run = resume("file")) {
      assertFalse(run.attempts("model A").finished(0, CONFIGURATION).isPresent());
    }
  }

  @Test
  void beginningAnewForgetsWhatWasLeft() throws IOException {
    try (RunDirectory dead = RunDirectory.begin(output("file"), "sample", CONFIGURATION)) {
      dead.checkpoints().keep("epoch-1", new byte[] {1});
    }
    try (RunDirectory run = RunDirectory.begin(output("file"), "sample", CONFIGURATION)) {
      assertTrue(run.checkpoints().newest((bytes, name) -> bytes, text -> {}).isEmpty());
    }
    assertEquals(List.of(), names("."));
  }

  @Test
  void lastTwoCheckpointsAreKept() throws IOException {
    List<String> warnings = new ArrayList<>();
    try (RunDirectory run = RunDirectory.begin(output("file"), "sample", CONFIGURATION)) {
      RunCheckpoints checkpoints = run.checkpoints();
      for (byte i = 1; i <= 3; i++) {
        checkpoints.keep("epoch-" + i, new byte[] {i});
      }
      assertEquals(
          List.of("epoch-2.checkpoint", "epoch-3.checkpoint"), names(".sample.checkpoints"));
      byte[] found =
          checkpoints
              .newest(
                  (bytes, name) -> {
                    if (bytes[0] == 3) {
                      throw new IOException(name + ": damaged");
                    }
                    return bytes;
                  },
                  warnings::add)
              .orElseThrow();
      assertArrayEquals(new byte[] {2}, found);
      assertEquals(
          List.of(
              output
                  + "/.sample.checkpoints/epoch-3.checkpoint: damaged; set aside as"
                  + " epoch-3.checkpoint.damaged"),
          warnings);
      assertEquals(
          List.of("epoch-2.checkpoint", "epoch-3.checkpoint.damaged"),
          names(".sample.checkpoints"));
    }
  }

  @Test
  void whatIsLeftIsToldApart() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    String host = InetAddress.getLocalHost().getHostName();
    byte[] owner =
        new JsonMapper()
            .writeValueAsBytes(
                new RunLock.Owner(
                    host, RunLock.Owner.current().machine(), ended.pid(), "2026-01-31T12:00:00Z"));
    Files.write(output.resolve(".dead.owner"), owner);
    Files.write(output.resolve(".dead.owner-dead-12ab"), owner);
    Files.createDirectories(output.resolve(".resumable.checkpoints"));
    Files.write(output.resolve(".resumable.checkpoints/e.checkpoint"), new byte[5]);
    Files.createDirectories(output.resolve("published/.hidden"));
    try (RunDirectory live = RunDirectory.begin(output("file"), "live", CONFIGURATION)) {
      List<UnpublishedRun> left = UnpublishedRun.under(output("file"), CONFIGURATION);
      assertEquals(
          List.of("dead DEAD", "live BEING_MADE", "resumable RESUMABLE"),
          left.stream().map(run -> run.runId() + " " + run.state()).toList());
      assertEquals(5, left.get(2).entries().get(0).bytes());
      assertThrows(IOException.class, left.get(1)::remove);
      left.get(0).remove();
      assertTrue(Files.exists(output.resolve(".live.staging")));
      assertFalse(live.attempts("model A").finished(0, CONFIGURATION).isPresent());
    }
    assertEquals(List.of(".resumable.checkpoints", "published"), names("."));
  }
}
