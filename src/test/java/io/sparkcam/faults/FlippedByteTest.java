package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.run.Manifest;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.verify.RunVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One bit of a published run changes, wherever it may be: {@code verify} names the file. */
@Tag("faults")
@SharedSpark
class FlippedByteTest {
  private static final String FAULT = "bit flipped in ";

  private final RunVerifier verifier;

  @TempDir Path directory;
  private Path run;

  FlippedByteTest(SparkSession spark) {
    verifier = new RunVerifier(JavaSparkContext.fromSparkContext(spark.sparkContext()));
  }

  @BeforeEach
  void copy() throws Exception {
    Path published = Undisturbed.run().published();
    run = directory.resolve(Undisturbed.RUN);
    try (var tree = Files.walk(published)) {
      for (Path file : tree.toList()) {
        Files.copy(file, run.resolve(published.relativize(file).toString()));
      }
    }
  }

  /** Places of one byte each, by what they are part of. */
  private static Map<String, Integer> places(String name, byte[] bytes) {
    if (name.endsWith(".parquet")) {
      return ofParquet(bytes);
    }
    Map<String, Integer> places = name.endsWith(".zip") ? ofZip(bytes) : new LinkedHashMap<>();
    places.put("first byte", 0);
    places.put("middle", bytes.length / 2);
    places.put("last byte", bytes.length - 1);
    return places;
  }

  private static Map<String, Integer> ofParquet(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int footer = bytes.length - 8 - buffer.getInt(bytes.length - 8);
    Map<String, Integer> places = new LinkedHashMap<>();
    places.put("header magic", 0);
    places.put("first page header", 4);
    places.put("page data", footer / 2);
    places.put("page indexes", footer - 1);
    places.put("footer's first byte", footer);
    places.put("footer", (footer + bytes.length) / 2);
    places.put("footer length", bytes.length - 8);
    places.put("trailing magic", bytes.length - 1);
    return places;
  }

  private static Map<String, Integer> ofZip(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = bytes.length - 22;
    int central = buffer.getInt(end + 16);
    assertEquals(0x02014b50, buffer.getInt(central), "central directory");
    Map<String, Integer> places = new LinkedHashMap<>();
    places.put("local header's time", 10);
    places.put("local header's name", 30);
    places.put("data", central / 2);
    places.put("data descriptor", central - 1);
    places.put("central directory", central);
    places.put("checksum in the central directory", central + 16);
    places.put("name in the central directory", central + 46);
    places.put("end record", end);
    return places;
  }

  private void flip(Path file, byte[] bytes, int place) throws IOException {
    byte[] flipped = bytes.clone();
    flipped[place] ^= (byte) (1 << place % Byte.SIZE);
    Files.write(file, flipped);
  }

  private String complaint() {
    IOException found =
        assertThrows(
            IOException.class,
            () -> verifier.verify(new org.apache.hadoop.fs.Path(run.toString())).requireSound());
    return found.getMessage();
  }

  @Test
  void isFoundInEveryKindOfPlaceOfEveryFile() throws Exception {
    List<Path> files;
    try (var tree = Files.walk(run)) {
      files = tree.filter(Files::isRegularFile).sorted().toList();
    }
    assertTrue(files.size() > 8, files::toString);
    for (Path file : files) {
      String name = run.relativize(file).toString();
      if (name.equals(Manifest.NAME)) {
        continue;
      }
      byte[] bytes = Files.readAllBytes(file);
      String fault = FAULT + name.replaceFirst("part-\\d+", "part-*");
      for (var place : places(name, bytes).entrySet()) {
        FaultTable.tried(fault);
        flip(file, bytes, place.getValue());
        String said = complaint();
        assertTrue(said.startsWith(run + ": files: " + name + ": SHA-256 "), place + ": " + said);
        FaultTable.survived(fault);
      }
      Files.write(file, bytes);
    }
    verifier.verify(new org.apache.hadoop.fs.Path(run.toString())).requireSound();
  }

  @Test
  void isFoundInEveryByteOfTheManifest() throws Exception {
    Path file = run.resolve(Manifest.NAME);
    byte[] bytes = Files.readAllBytes(file);
    for (int place = 0; place < bytes.length; place++) {
      flip(file, bytes, place);
      String said = complaint();
      assertTrue(said.startsWith(file + ": "), place + ": " + said);
    }
    FaultTable.found(FAULT + Manifest.NAME, bytes.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"explanations/part-00002.parquet", "manifest.json"})
  void isFoundByTheCommand(String name) throws Exception {
    Path file = run.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    flip(file, bytes, bytes.length / 2);
    try (Job job =
        new Launch(directory).start(List.of("verify", "a", "--output", directory.toString()))) {
      String line = job.fails();
      assertTrue(line.startsWith("sparkcam: " + run) && line.contains(name + ": "), line);
    }
  }
}
