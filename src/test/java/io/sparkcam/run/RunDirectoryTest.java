package io.sparkcam.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.SampleExplanations;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SharedSpark
class RunDirectoryTest {
  @TempDir Path temporary;

  private final SampleExplanations samples = new SampleExplanations(SampleRun.SHAPE);

  private Path output() {
    return temporary.resolve("out");
  }

  private RunDirectory begin(String runId) throws IOException {
    return RunDirectory.begin(output().toString(), runId, SampleRun.CONFIGURATION);
  }

  private List<String> tree() throws IOException {
    try (var files = Files.walk(output())) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .map(file -> output().relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void runAppearsUnderItsNameWithNothingBesideIt() throws IOException {
    SampleRun.publish(output());
    assertEquals(
        List.of(
            "sample/explanations/part-00000.parquet",
            "sample/explanations/part-00001.parquet",
            "sample/history.jsonl",
            "sample/manifest.json",
            "sample/model.zip",
            "sample/report/index.html"),
        tree());
    try (var entries = Files.list(output())) {
      assertEquals(1, entries.count());
    }
  }

  @Test
  void nothingIsUnderTheNameBeforeThat() throws IOException {
    try (RunDirectory run = begin("sample")) {
      List<PartFile> parts = run.adopt(List.of(SampleRun.part(run, 0, 1, samples.batch(0, 9))));
      run.publish(
          SampleRun.manifest(run, parts),
          (staged, manifest) -> {
            assertFalse(Files.exists(output().resolve("sample")));
            assertTrue(Files.exists(Path.of(staged.toUri()).resolve(Manifest.NAME)));
          });
    }
    assertTrue(Files.exists(output().resolve("sample")));
  }

  @Test
  void failedVerificationLeavesNothing() throws IOException {
    try (RunDirectory run = begin("sample")) {
      List<PartFile> parts = run.adopt(List.of(SampleRun.part(run, 0, 1, samples.batch(0, 9))));
      IOException failed =
          assertThrows(
              IOException.class,
              () ->
                  run.publish(
                      SampleRun.manifest(run, parts),
                      (staged, manifest) -> {
                        throw new IOException("wrong");
                      }));
      assertEquals("wrong", failed.getMessage());
    }
    assertEquals(List.of(), tree());
  }

  @Test
  void existingRunIsRefusedAndLeftAlone() throws IOException {
    SampleRun.publish(output());
    List<String> before = tree();
    IOException refused = assertThrows(IOException.class, () -> begin("sample"));
    assertEquals(
        output() + "/sample: already exists, remove it or choose another run id",
        refused.getMessage());
    assertEquals(before, tree());
  }

  @Test
  void runThatAppearsMeanwhileIsNotMovedInto() throws IOException {
    try (RunDirectory run = begin("sample")) {
      List<PartFile> parts = run.adopt(List.of(SampleRun.part(run, 0, 1, samples.batch(0, 9))));
      IOException refused =
          assertThrows(
              IOException.class,
              () ->
                  run.publish(
                      SampleRun.manifest(run, parts),
                      (staged, manifest) ->
                          Files.writeString(directory("sample").resolve("mine"), "")));
      assertTrue(refused.getMessage().contains("/sample: already exists"), refused.getMessage());
    }
    assertEquals(List.of("sample/mine"), tree());
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectories(output().resolve(name));
  }

  @Test
  void oneOfManyAtOnceMakesTheRun() throws Exception {
    int contenders = 4;
    ExecutorService threads = Executors.newFixedThreadPool(contenders);
    try {
      // Many times over: a claim that looks first and creates later often goes well.
      for (int round = 0; round < 50; round++) {
        CyclicBarrier start = new CyclicBarrier(contenders);
        Callable<RunDirectory> contend =
            () -> {
              start.await();
              return begin("sample");
            };
        int won = 0;
        for (Future<RunDirectory> run :
            threads.invokeAll(Collections.nCopies(contenders, contend))) {
          try {
            run.get().close();
            won++;
          } catch (ExecutionException e) {
            assertTrue(e.getCause().getMessage().contains("/sample: "), e.toString());
          }
        }
        assertEquals(1, won);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void secondRunOfOneNameLearnsWhoMakesTheFirst() throws IOException {
    try (RunDirectory first = begin("sample")) {
      first.write("history.jsonl", SampleRun.text("{}\n"));
      IOException refused = assertThrows(IOException.class, () -> begin("sample"));
      String message = refused.getMessage();
      assertTrue(
          message.startsWith(
              output()
                  + "/sample: process "
                  + ProcessHandle.current().pid()
                  + " on "
                  + InetAddress.getLocalHost().getHostName()
                  + " has been making this run since 20"),
          message);
      assertTrue(
          message.endsWith(
              "; if that process no longer exists, delete " + output() + "/.sample.owner"),
          message);
      assertEquals(List.of(".sample.owner", ".sample.staging/history.jsonl"), tree());
      begin("other").close();
    }
    begin("sample").close();
  }

  private void leave(String host, long pid, String started) throws IOException {
    directory(".sample.staging");
    Files.writeString(output().resolve(".sample.staging/rest"), "");
    Files.writeString(
        output().resolve(".sample.owner"),
        new JsonMapper()
            .writeValueAsString(
                new RunLock.Owner(host, RunLock.Owner.current().machine(), pid, started)));
  }

  @Test
  void deadRunOfThisHostIsReplaced() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    leave(InetAddress.getLocalHost().getHostName(), ended.pid(), "2026-01-31T12:00:00Z");
    SampleRun.publish(output());
    assertEquals(6, tree().size());
  }

  @Test
  void anotherProcessOfTheSameNumberIsNotTheOwner() throws IOException {
    leave(
        InetAddress.getLocalHost().getHostName(),
        ProcessHandle.current().pid(),
        "2001-01-01T00:00:00Z");
    begin("sample").close();
  }

  @Test
  void ofManyUnnamedRunsOfOneSecondEachGetsItsName() throws IOException {
    SampleRun.publish(output());
    try (RunDirectory second = unnamed();
        RunDirectory third = unnamed()) {
      assertEquals(List.of("sample-2", "sample-3"), List.of(second.runId(), third.runId()));
    }
  }

  private RunDirectory unnamed() throws IOException {
    return RunDirectory.beginUnnamed(output().toString(), "sample", SampleRun.CONFIGURATION);
  }

  @Test
  void runOfAnotherHostIsLeftAlone() throws IOException {
    leave("elsewhere", 1, "2026-01-31T12:00:00Z");
    Files.setLastModifiedTime(
        output().resolve(".sample.owner"), FileTime.from(Instant.parse("2026-02-01T12:00:00.5Z")));
    IOException refused = assertThrows(IOException.class, () -> begin("sample"));
    assertEquals(
        "%s/sample: process 1 on elsewhere has been making this run since 2026-01-31T12:00:00Z, seen last"
                .formatted(output())
            + " at 2026-02-01T12:00:00Z; if that process no longer exists, delete %s/.sample.owner"
                .formatted(output()),
        refused.getMessage());
    assertEquals(List.of(".sample.owner", ".sample.staging/rest"), tree());
  }

  @Test
  void damagedOwnerFileIsLeftAlone() throws IOException {
    leave("elsewhere", 1, "2026-01-31T12:00:00Z");
    Files.writeString(output().resolve(".sample.owner"), "{");
    IOException refused = assertThrows(IOException.class, () -> begin("sample"));
    assertTrue(refused.getMessage().contains("does not name the process"), refused.getMessage());
    Files.writeString(output().resolve(".sample.owner"), "");
    refused = assertThrows(IOException.class, () -> begin("sample"));
    assertTrue(refused.getMessage().endsWith("has just begun this run"), refused.getMessage());
  }

  /** As a machine leaves it that lost its power before the bytes were on the disk. */
  @Test
  void ownerFileThatStayedEmptyIsNobodys() throws IOException {
    leave("elsewhere", 1, "2026-01-31T12:00:00Z");
    Path owner = Files.writeString(output().resolve(".sample.owner"), "");
    Files.setLastModifiedTime(owner, FileTime.from(Instant.now().minusSeconds(120)));
    List<UnpublishedRun> left = UnpublishedRun.under(output().toString(), SampleRun.CONFIGURATION);
    assertEquals(
        List.of(UnpublishedRun.State.DEAD), left.stream().map(UnpublishedRun::state).toList());
    SampleRun.publish(output());
    assertFalse(Files.exists(owner));
  }

  @Test
  void unwritableOutputIsToldAtOnce() throws IOException {
    Files.writeString(output(), "a file");
    IOException refused = assertThrows(IOException.class, () -> begin("sample"));
    assertTrue(
        refused.getMessage().startsWith(output() + ": cannot be written: "), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", ".hidden", "a/b", "a b", "a:b", "a*"})
  void runIdsArePlainNames(String runId) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> begin(runId));
    assertTrue(refused.getMessage().startsWith("run id '" + runId + "', expected letters"));
  }

  @Test
  void otherAttemptsAreRemoved() throws IOException {
    try (RunDirectory run = begin("sample")) {
      SampleRun.part(run, 0, 1, samples.batch(0, 9));
      PartFile successful = SampleRun.part(run, 0, 2, samples.batch(0, 9));
      var failed = PartFiles.in(run.attempts()).file(1, 3);
      Files.writeString(Path.of(failed.toUri()), "half a file");
      List<PartFile> parts = run.adopt(List.of(successful));
      assertEquals("part-00000.parquet", parts.get(0).name());
      assertEquals(successful.sha256(), parts.get(0).sha256());
      assertEquals(
          List.of(".sample.owner", ".sample.staging/explanations/part-00000.parquet"), tree());
    }
  }

  @Test
  void taskThatFailedLeavesNothing(JavaSparkContext sc) throws IOException {
    try (RunDirectory run = begin("sample")) {
      List<PartFile> written =
          sc.parallelize(List.of(0, 1), 2)
              .mapPartitions(new WriteAtSecondAttempt(run.attempts().toString()))
              .collect();
      assertEquals(5, tree().size());
      List<PartFile> parts = run.adopt(written);
      assertEquals(
          List.of("part-00000.parquet", "part-00001.parquet"),
          parts.stream().map(PartFile::name).toList());
      assertEquals(
          List.of(
              ".sample.owner",
              ".sample.staging/explanations/part-00000.parquet",
              ".sample.staging/explanations/part-00001.parquet"),
          tree());
    }
  }

  private static final class WriteAtSecondAttempt
      implements FlatMapFunction<Iterator<Integer>, PartFile> {
    private static final long serialVersionUID = 1L;
    private final String attempts;

    WriteAtSecondAttempt(String attempts) {
      this.attempts = attempts;
    }

    @Override
    public Iterator<PartFile> call(Iterator<Integer> ignored) throws IOException {
      TaskContext task = TaskContext.get();
      int partition = task.partitionId();
      long first = 5L * partition;
      PartFile part =
          SampleRun.part(
              PartFiles.in(new org.apache.hadoop.fs.Path(attempts))
                  .file(partition, task.taskAttemptId()),
              new SampleExplanations(SampleRun.SHAPE).batch(first, first + 5));
      if (task.attemptNumber() == 0) {
        throw new IOException("failed after all was written");
      }
      return List.of(part).iterator();
    }
  }

  @Test
  void attemptThatOutlivedItsRunCreatesNothing() throws IOException {
    org.apache.hadoop.fs.Path attempts;
    try (RunDirectory run = begin("sample")) {
      attempts = run.attempts();
      run.adopt(List.of(SampleRun.part(run, 0, 1, samples.batch(0, 9))));
      assertThrows(IOException.class, () -> SampleRun.part(run, 1, 2, samples.batch(9, 12)));
    }
    assertThrows(
        IOException.class,
        () -> SampleRun.part(PartFiles.in(attempts).file(1, 3), samples.batch(9, 12)));
    assertEquals(List.of(), tree());
  }

  @Test
  void missingPartIsNoticed() throws IOException {
    try (RunDirectory run = begin("sample")) {
      PartFile second = SampleRun.part(run, 1, 2, samples.batch(9, 12));
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> run.adopt(List.of(second)));
      assertEquals("part-00001-2.parquet: part 1, expected part 0", refused.getMessage());
    }
  }

  @Test
  void overlappingPartsAreNoticed() throws IOException {
    try (RunDirectory run = begin("sample")) {
      PartFile first = SampleRun.part(run, 0, 1, samples.batch(0, 9));
      PartFile second = SampleRun.part(run, 1, 2, samples.batch(8, 12));
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> run.adopt(List.of(first, second)));
      assertEquals("part-00001-2.parquet: first id 8, expected at least 9", refused.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/model.zip",
        "../model.zip",
        "report/",
        "manifest.json",
        "explanations/part-00000.parquet",
        "attempts/x",
        ".x"
      })
  void filesHavePlainNamesOfTheirOwn(String name) throws IOException {
    try (RunDirectory run = begin("sample")) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> run.write(name, SampleRun.text("text")));
      assertEquals(
          "file '" + name + "' of a run, expected a plain relative name that is not taken",
          refused.getMessage());
    }
  }

  @Test
  void filesAreListedWithTheirDigests() throws IOException {
    try (RunDirectory run = begin("sample")) {
      run.write("model.zip", SampleRun.text(""));
      run.write("history.jsonl", SampleRun.text("abc"));
      // printf abc | sha256sum; printf '' | sha256sum
      assertEquals(
          List.of(
              new ListedFile(
                  "history.jsonl",
                  3,
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
              new ListedFile(
                  "model.zip",
                  0,
                  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
          run.files());
    }
  }
}
