package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.storage.Sha256;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.TensorBoardEvents;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is the same in every language that the computer may speak. */
@SharedSpark
class LocaleRunTest {
  /** Other digits, other cases of i, another decimal separator; ROOT is POSIX's. */
  private static final String[] LOCALES = {"", "ar-EG", "tr-TR", "de-DE"};

  private static final Set<String> DATED =
      Set.of("manifest.json", "history.jsonl", TensorBoardEvents.NAME, "index.html");

  @TempDir Path directory;
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @Test
  void everyLocaleGivesTheSameFiles(SparkSession spark) throws IOException {
    TreeMap<String, String> expected = new TreeMap<>();
    for (String locale : LOCALES) {
      Locale.setDefault(Locale.forLanguageTag(locale));
      StringWriter err = new StringWriter();
      Console console =
          new Console(new PrintWriter(new StringWriter()), new PrintWriter(err, true), 0);
      Path output = directory.resolve("in-" + locale);
      String data = "src/test/resources/fashion-mnist-extract";
      String[] run = {
        "--data",
        data,
        "--output",
        output.toString(),
        "--run-id",
        "a",
        "--workers",
        "2",
        "--epochs",
        "1",
        "--train-limit",
        "200",
        "--test-limit",
        "20",
        "--validation-split",
        "0.1"
      };
      SparkCam job = SparkCam.of(SparkCommandActions::new, console);
      assertEquals(0, job.execute(run), () -> locale + " " + spark.version() + ": " + err);
      assertEquals(0, job.execute("verify", output.resolve("a").toString()), err::toString);
      TreeMap<String, String> found = new TreeMap<>();
      try (var files = Files.walk(output)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          boolean dated = DATED.contains(file.getFileName().toString());
          found.put(
              output.relativize(file).toString(), dated ? "" : Sha256.of(Files.readAllBytes(file)));
        }
      }
      if (expected.isEmpty()) {
        expected.putAll(found);
      }
      assertEquals(expected.keySet(), found.keySet(), locale);
      expected.forEach((name, bytes) -> assertEquals(bytes, found.get(name), locale + name));
    }
  }
}
