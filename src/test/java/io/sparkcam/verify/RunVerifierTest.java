package io.sparkcam.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.run.Manifest;
import io.sparkcam.run.PartFiles;
import io.sparkcam.run.RunDirectory;
import io.sparkcam.run.SampleRun;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.SampleExplanations;
import io.sparkcam.testing.ManifestText;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SharedSpark
class RunVerifierTest {
  private final RunVerifier verifier;

  @TempDir Path output;

  RunVerifierTest(JavaSparkContext sc) {
    verifier = new RunVerifier(sc);
  }

  private VerificationReport verify(Path run) throws IOException {
    return verifier.verify(new org.apache.hadoop.fs.Path(run.toString()));
  }

  private static List<String> failures(VerificationReport report) {
    return report.results().stream().flatMap(result -> result.failures().stream()).toList();
  }

  @Test
  void soundRunPassesEveryCheck() throws IOException {
    VerificationReport report = verify(SampleRun.publish(output));
    assertEquals(List.of(), failures(report));
    assertTrue(report.sound());
    report.requireSound();
    assertEquals(
        List.of(
            "files 5",
            "schema 3",
            "ids 70",
            "values 70",
            "predictions 70",
            "probabilities 70",
            "audit 70",
            "cam 70",
            "boxes 70"),
        report.results().stream().map(result -> result.check() + " " + result.examined()).toList());
    assertEquals(
        "files                5 examined, all right: every listed file, and no other, with its size"
            + " and SHA-256",
        report.lines().get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "explanations/part-00000.parquet",
        "explanations/part-00001.parquet",
        "history.jsonl",
        "model.zip",
        "report/index.html"
      })
  void flippedByteIsFoundInEveryFile(String name) throws IOException {
    Path run = SampleRun.publish(output);
    Path file = run.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    VerificationReport report = verify(run);
    assertEquals(1, failures(report).size());
    assertTrue(failures(report).get(0).startsWith(name + ": SHA-256 "), report.toString());
    IOException unsound = assertThrows(IOException.class, report::requireSound);
    assertTrue(unsound.getMessage().startsWith(run + ": files: " + name + ": SHA-256 "));
  }

  /** A device in a file's place has no bytes, and no end. */
  @Test
  void devicesAreNotReadToTheirEnd() throws IOException {
    Path run = SampleRun.publish(output);
    Files.delete(run.resolve("history.jsonl"));
    Files.createSymbolicLink(run.resolve("history.jsonl"), Path.of("/dev/zero"));
    Path manifest = run.resolve(Manifest.NAME);
    String edited = Files.readString(manifest).replaceFirst("\"bytes\" : 12,", "\"bytes\" : 0,");
    byte[] content = edited.substring(0, edited.lastIndexOf(",")).getBytes(StandardCharsets.UTF_8);
    Files.write(manifest, content);
    Files.write(manifest, Manifest.end(content), StandardOpenOption.APPEND);
    List<String> failures = failures(verify(run));
    assertEquals(1, failures.size());
    assertTrue(failures.get(0).startsWith("history.jsonl: SHA-256 "), failures.get(0));
  }

  @Test
  void flippedByteIsFoundInTheManifest() throws IOException {
    Path run = SampleRun.publish(output);
    Path manifest = run.resolve(Manifest.NAME);
    Files.writeString(
        manifest, Files.readString(manifest).replaceFirst("\"bytes\"", "\"cytes\" : 0, \"bytes\""));
    IOException refused = assertThrows(IOException.class, () -> verify(run));
    assertTrue(refused.getMessage().contains("unknown key tables.[0].parts.[0].cytes"));
  }

  @Test
  void missingLongerAndForeignFilesAreFound() throws IOException {
    Path run = SampleRun.publish(output);
    Files.delete(run.resolve("explanations/part-00001.parquet"));
    Files.writeString(run.resolve("history.jsonl"), "{\"epoch\":1}\n{\"epoch\":2}\n");
    Files.writeString(run.resolve("explanations/part-00002.parquet"), "");
    VerificationReport report = verify(run);
    assertEquals(
        List.of(
            "explanations/part-00001.parquet: not found",
            "explanations/part-00002.parquet: not in manifest.json",
            "history.jsonl: 24 bytes, expected 12"),
        failures(report));
    IOException unsound = assertThrows(IOException.class, report::requireSound);
    assertEquals(
        run + ": files: explanations/part-00001.parquet: not found (first of 3 failures)",
        unsound.getMessage());
    assertTrue(report.lines().contains("  history.jsonl: 24 bytes, expected 12"));
  }

  @Test
  void missingRunIsNamed() {
    IOException refused = assertThrows(IOException.class, () -> verify(output.resolve("nothing")));
    assertEquals(output + "/nothing: not found, expected a published run", refused.getMessage());
  }

  private static void edit(Path run, String found, String replacement) throws IOException {
    ManifestText.edit(
        run,
        json -> {
          assertTrue(json.contains(found), found);
          return json.replace(found, replacement);
        });
  }

  @Test
  void wrongCountOfRowsIsFound() throws IOException {
    Path run = SampleRun.publish(output);
    edit(run, "\"rows\" : 40", "\"rows\" : 41");
    assertEquals(
        List.of(
            "manifest.json: 70 rows in explanations, expected 71 as in its parts",
            "manifest.json: part-00000.parquet: ids 0 to 39, expected 0 to 40",
            "manifest.json: part-00001.parquet: ids 40 to 69, expected 41 to 70",
            "part-00000.parquet: 40 rows, expected 41"),
        failures(verify(run)));
  }

  @Test
  void otherColumnsAreFound() throws IOException {
    Path run = SampleRun.publish(output);
    edit(run, "\"height\" : 9", "\"height\" : 8");
    List<String> failures = failures(verify(run));
    assertEquals(1, failures.size());
    assertTrue(failures.get(0).startsWith("manifest.json: columns of explanations: [ColumnEntry"));
  }

  @Test
  void wrongRowsAreFound() throws IOException {
    // The files and the manifest agree: only the columns of a row tell.
    ExplanationBatch right = new SampleExplanations(SampleRun.SHAPE).batch(40, 70);
    int other = right.predicted()[4] == 0 ? 1 : 0;
    int pixel = 5 * 7 + 3;
    float probability = right.probability()[1];
    float cam = right.cam()[6 * 63 + pixel];
    float min = right.camMin()[7];
    float max = right.camMax()[7];
    Path run =
        SampleRun.publish(
            output,
            rows -> {
              rows.probability()[1] = 0.5f;
              rows.labels()[2] = 4;
              rows.probabilities()[3 * 4] += 0.001f;
              rows.probability()[3] = rows.probabilities()[3 * 4 + rows.predicted()[3]];
              // The map of a class that is not shown, so that only its mean tells.
              rows.camLow()[(4 * 4 + other) * 6] += 0.01f;
              rows.auditError()[5] = Float.NaN;
              rows.cam()[6 * 63 + pixel] += 0.001f;
              rows.camMax()[7] = Math.nextUp(max);
              rows.boxes()[9 * 4] = ExplanationBatch.NONE;
              rows.boxes()[10 * 4 + 2] = 8;
              return rows;
            });
    List<String> expected =
        List.of(
            "id 41: probability 0.5, expected " + probability,
            "id 42: label 4, expected one of the classes",
            "id 43: probabilities with sum 1.00",
            "id 44: mean of the map of class " + other + " minus its logit ",
            "id 45: audit_error NaN, expected 0 to 1.0E-4",
            "id 46: cam %s at row 5, column 3, expected %s".formatted(cam + 0.001f, cam),
            "id 47: cam_min %s and cam_max %s, expected %s and %s"
                .formatted(min, Math.nextUp(max), min, max),
            "id 49: box from (-1, 2) to (4, 5), expected one inside 7 x 9 or none",
            "id 50: box from (1, 2) to (8, 5), expected one inside 7 x 9 or none");
    List<String> found = failures(verify(run));
    assertEquals(expected.size(), found.size(), found.toString());
    for (int i = 0; i < expected.size(); i++) {
      assertTrue(found.get(i).startsWith(expected.get(i)), found.get(i));
    }
  }

  @Test
  void repeatedIdsAreFound() throws IOException {
    SampleExplanations samples = new SampleExplanations(SampleRun.SHAPE);
    try (RunDirectory run =
        RunDirectory.begin(output.toString(), "sample", SampleRun.CONFIGURATION)) {
      PartFile first = SampleRun.part(run, 0, 1, samples.batch(0, 10));
      PartFile again = SampleRun.part(run, 1, 2, samples.batch(0, 10));
      PartFile claimed =
          new PartFile(again.name(), again.rows(), again.bytes(), again.sha256(), 10, 19);
      run.publish(
          SampleRun.manifest(run, run.adopt(List.of(first, claimed))), (staged, manifest) -> {});
    }
    VerificationReport report = verify(output.resolve("sample"));
    assertEquals(
        IntStream.range(0, 5)
            .mapToObj(id -> "id %d: expected id %d in its place".formatted(id, id + 10))
            .toList(),
        failures(report));
    assertEquals(10, report.results().get(2).failed());
    assertTrue(report.lines().contains("  and 5 more"));
  }

  @Test
  void damagedPageIsFoundByItsChecksum() throws Exception {
    // In the features, which no other column depends on, and with the digest of the damaged file.
    try (RunDirectory run =
        RunDirectory.begin(output.toString(), "sample", SampleRun.CONFIGURATION)) {
      PartFile part =
          SampleRun.part(run, 0, 1, new SampleExplanations(SampleRun.SHAPE).batch(0, 10));
      var attempt = PartFiles.in(run.attempts()).file(0, 1);
      Path file = Path.of(attempt.toUri());
      byte[] bytes = Files.readAllBytes(file);
      bytes[middleOfFeatures(attempt)] ^= 1;
      Files.write(file, bytes);
      PartFile damaged =
          new PartFile(
              part.name(),
              part.rows(),
              part.bytes(),
              HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
              0,
              9);
      run.publish(SampleRun.manifest(run, run.adopt(List.of(damaged))), (staged, manifest) -> {});
    }
    IOException refused = assertThrows(IOException.class, () -> verify(output.resolve("sample")));
    assertEquals(
        output
            + "/sample/explanations: cannot be read: could not verify page integrity, CRC checksum"
            + " verification failed",
        refused.getMessage());
  }

  private static int middleOfFeatures(org.apache.hadoop.fs.Path file) throws IOException {
    try (var reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, SampleRun.CONFIGURATION))) {
      var features = reader.getFooter().getBlocks().get(0).getColumns().get(6);
      return Math.toIntExact(features.getStartingPos() + features.getTotalSize() / 2);
    }
  }

  @Test
  void runWithoutTableHasItsFilesChecked() throws IOException {
    try (RunDirectory run =
        RunDirectory.begin(output.toString(), "trained", SampleRun.CONFIGURATION)) {
      run.write("model.zip", SampleRun.text("a model"));
      run.publish(
          new Manifest(
              Manifest.FORMAT,
              "trained",
              "2026-01-31T12:00:00Z",
              SampleRun.ORIGIN,
              Map.of(),
              List.of(),
              run.files()),
          (staged, manifest) -> verifier.verify(staged, manifest).requireSound());
    }
    VerificationReport report = verify(output.resolve("trained"));
    assertTrue(report.sound());
    assertEquals(1, report.results().size());
  }

  @Test
  void emptyTableIsSound() throws IOException {
    try (RunDirectory run =
        RunDirectory.begin(output.toString(), "empty", SampleRun.CONFIGURATION)) {
      ExplanationBatch none = new SampleExplanations(SampleRun.SHAPE).batch(0, 0);
      List<PartFile> parts = run.adopt(List.of(SampleRun.part(run, 0, 1, none)));
      run.publish(
          SampleRun.manifest(run, parts),
          (staged, manifest) -> verifier.verify(staged, manifest).requireSound());
    }
    assertTrue(Files.exists(output.resolve("empty/manifest.json")));
  }
}
