package io.sparkcam.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.BadRecords;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.testing.Ingest;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Small data sets as people have them, in {@code src/test/resources/cases}. What each gives is in
 * {@code expected.csv} beside them: its classes, and of each part good, bad and ignored files.
 */
@SharedSpark
class CasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases");

  @TempDir Path directory;
  private final SparkSession spark;

  CasesTest(SparkSession spark) {
    this.spark = spark;
  }

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(
      files = "src/test/resources/cases/expected.csv",
      delimiter = '|',
      numLinesToSkip = 1)
  void isReadAsItIsMeant(String name, String wanted, String expected) throws Exception {
    Part[] parts =
        Stream.of(wanted.split(" "))
            .map(part -> Part.valueOf(part.toUpperCase(java.util.Locale.ROOT)))
            .toArray(Part[]::new);
    assertEquals(expected, read(CASES.resolve(name), parts));
  }

  private String read(Path data, Part... parts) {
    StringBuilder found = new StringBuilder();
    Ingest ingest = new Ingest(spark, directory);
    try (ImageSource source = ingest.open(data, Ingest.options(BadRecords.DROP, parts))) {
      found.append(source.classNames().shown());
      for (Part part : source.parts()) {
        StoredPart stored = source.store(part, ImageSource.ALL, ingest.place());
        long ignored = stored.ignored().values().stream().mapToLong(Long::longValue).sum();
        found.append(
            "; %s %d good %d bad %d ignored%s"
                .formatted(
                    part.label(),
                    stored.count(),
                    stored.bad(),
                    ignored,
                    source.labelled(part) ? "" : " unlabelled"));
      }
    } catch (Exception e) {
      found
          .append("refused: ")
          .append(
              message(e)
                  .replace(data.toAbsolutePath().toString(), "")
                  .replace(data.toString(), ""));
    }
    return found.toString();
  }

  private static String message(Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof IOException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }
}
