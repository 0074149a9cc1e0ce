package io.sparkcam.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.storage.PlainName;
import io.sparkcam.storage.Sha256;
import io.sparkcam.storage.Storage;
import io.sparkcam.table.TableEntry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a run holds and what it was made from: {@value #NAME}, the last file to be written. Every
 * other file of the run is in it, with its size and its SHA-256. It ends with the SHA-256 of all
 * that comes before: {@code "sha256"}, which is no component of it.
 *
 * @param format {@link #FORMAT}
 * @param created when it was written, as {@link Instant} spells it (UTC)
 * @param metrics finite numbers by name, such as {@code test_accuracy}
 * @param tables at most {@link TableEntry#EXPLANATIONS}
 * @param files all others, by name
 */
@JsonIgnoreProperties(Manifest.DIGEST)
public record Manifest(
    int format,
    String runId,
    String created,
    RunOrigin origin,
    Map<String, Double> metrics,
    List<TableEntry> tables,
    List<ListedFile> files) {
  /** Name of the file. */
  public static final String NAME = "manifest.json";

  /** The only format there is. */
  public static final int FORMAT = 1;

  /** The last key of the file. */
  static final String DIGEST = "sha256";

  /** Some 60,000 parts; a run has as many as its explaining had partitions. */
  static final int MOST_BYTES = 1 << 24;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  public Manifest {
    if (format != FORMAT) {
      throw new IllegalArgumentException("format " + format + ", expected " + FORMAT);
    }
    if (!PlainName.is(runId)) {
      throw new IllegalArgumentException("run id '" + runId + "', expected a plain name");
    }
    try {
      Instant.parse(created);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "created " + created + ", expected a time such as 2026-01-31T12:00:00Z", e);
    }
    Objects.requireNonNull(origin, "origin");
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    metrics.forEach(
        (name, value) -> {
          if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " " + value + ", expected a finite number");
          }
        });
    tables = List.copyOf(tables);
    if (tables.size() > 1 || !tables.stream().allMatch(Manifest::known)) {
      throw new IllegalArgumentException(
          "tables %s, expected at most %s"
              .formatted(tables.stream().map(TableEntry::name).toList(), TableEntry.EXPLANATIONS));
    }
    files = List.copyOf(files);
  }

  private static boolean known(TableEntry table) {
    return table.name().equals(TableEntry.EXPLANATIONS);
  }

  /** The table of explanations, if the run has one. */
  public Optional<TableEntry> explanations() {
    return tables.stream().findFirst();
  }

  /**
   * Reads the manifest of a run.
   *
   * @throws IOException naming the place where it is not as {@link #write} leaves it
   */
  public static Manifest read(Path run, Configuration configuration) throws IOException {
    Path file = new Path(run, NAME);
    byte[] bytes;
    try (InputStream in = Storage.of(file, configuration).open(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (FileNotFoundException e) {
      throw new IOException(Storage.name(file) + ": not found, expected in every published run", e);
    }
    if (bytes.length > MOST_BYTES) {
      throw new IOException(Storage.name(file) + ": longer than " + MOST_BYTES + " bytes");
    }
    return parse(Storage.name(file), bytes);
  }

  static Manifest parse(String place, byte[] bytes) throws IOException {
    try {
      JsonNode format = JSON.readTree(bytes).path("format");
      if (!format.isInt() || format.intValue() != FORMAT) {
        throw new IOException(
            place + ": format " + format.asText("missing") + ", expected " + FORMAT);
      }
      Manifest manifest = JSON.readValue(bytes, Manifest.class);
      requireOwnDigest(place, bytes);
      return manifest;
    } catch (JsonProcessingException e) {
      throw new IOException(place + ": " + explain(e), e);
    }
  }

  /** What can still be read may have changed all the same: a digit, a letter of a name. */
  private static void requireOwnDigest(String place, byte[] bytes) throws IOException {
    int length = bytes.length - end(new byte[0]).length;
    byte[] content = Arrays.copyOf(bytes, Math.max(0, length));
    if (length < 0
        || !Arrays.equals(end(content), Arrays.copyOfRange(bytes, length, bytes.length))) {
      throw new IOException(place + ": its SHA-256 is not the one at its end");
    }
  }

  /** The last lines after what comes before them. */
  public static byte[] end(byte[] content) {
    String sha256 = Sha256.of(content);
    return ",\n  \"%s\" : \"%s\"\n}\n".formatted(DIGEST, sha256).getBytes(StandardCharsets.UTF_8);
  }

  private static String explain(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : "line %s, column %s: "
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    if (e instanceof UnrecognizedPropertyException unknown) {
      return where + "unknown key " + path(unknown);
    }
    String problem = e.getOriginalMessage().lines().findFirst().orElse("");
    problem = problem.replaceFirst(" \\(index \\d+\\).*", "");
    String key = e instanceof JsonMappingException mapping ? path(mapping) : "";
    return where + (key.isEmpty() ? "" : key + ": ") + problem;
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  /** Writes it as indented JSON: the same manifest always as the same bytes. */
  public void write(OutputStream out) throws IOException {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
    String json = JSON.writer(printer).writeValueAsString(this);
    byte[] content =
        json.substring(0, json.length() - "\n}".length()).getBytes(StandardCharsets.UTF_8);
    out.write(content);
    out.write(end(content));
  }
}
