package io.sparkcam.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.table.PartFile;
import io.sparkcam.table.SampleExplanations;
import io.sparkcam.table.TableEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
  @TempDir Path temporary;

  private static Manifest sample() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("epochs", "5");
    settings.put("batch-size", "32");
    PartFile part = new PartFile("part-00000.parquet", 3, 99, "ab".repeat(32), 0, 2);
    return new Manifest(
        Manifest.FORMAT,
        "first",
        "2026-01-31T12:00:00Z",
        new RunOrigin(
            List.of(new RunOrigin.Input("images.gz", "cd".repeat(32), 3)),
            List.of("cat", "dog"),
            "ef".repeat(32),
            settings,
            42,
            2,
            1,
            Map.of("spark", "3.5.5")),
        Map.of("test_accuracy", 0.875),
        List.of(TableEntry.explanations(SampleExplanations.LAB, List.of(part))),
        List.of(new ListedFile("model.zip", 7, "01".repeat(32))));
  }

  private static String json(Manifest manifest) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Manifest parse(String json) throws IOException {
    return Manifest.parse("x/manifest.json", json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void textIsIndentedInAFixedOrder() throws Exception {
    String json = json(sample());
    int end = json.lastIndexOf(",\n  \"sha256\"");
    assertEquals(
        """
        {
          "format" : 1,
          "run_id" : "first",
          "created" : "2026-01-31T12:00:00Z",
          "origin" : {
            "inputs" : [
              {
                "name" : "images.gz",
                "sha256" : "%s",
                "count" : 3
              }
            ],
            "class_names" : [
              "cat",
              "dog"
            ],
            "model_sha256" : "%s",
            "settings" : {
              "epochs" : "5",
              "batch-size" : "32"
            },
            "seed" : 42,
            "workers" : 2,
            "channels" : 1,
            "versions" : {
              "spark" : "3.5.5"
            }
          },
          "metrics" : {
            "test_accuracy" : 0.875
          },
          "tables" : [
            {
              "name" : "explanations",
              "rows" : 3,
              "shape" : {
                "height" : 28,
                "width" : 28,
                "feature_height" : 3,
                "feature_width" : 3,
                "channels" : 128,
                "classes" : 10,
                "head" : "SOFTMAX",
                "method" : "CAM",
                "mapped" : 10
              },
              "columns" : [
                {
                  "name" : "id",
                  "type" : "bigint",
                  "nullable" : false,
                  "shape" : [ ],
                  "layout" : "",
                  "unit" : ""
                },
        """
            .formatted("cd".repeat(32), "ef".repeat(32)),
        json.substring(0, json.indexOf("        {\n          \"name\" : \"label\"")));
    assertEquals(
        """
              "parts" : [
                {
                  "name" : "part-00000.parquet",
                  "rows" : 3,
                  "bytes" : 99,
                  "sha256" : "%s",
                  "first_id" : 0,
                  "last_id" : 2
                }
              ]
            }
          ],
          "files" : [
            {
              "name" : "model.zip",
              "bytes" : 7,
              "sha256" : "%s"
            }
          ],
          "sha256" : "%s"
        }
        """
            .formatted(
                "ab".repeat(32),
                "01".repeat(32),
                HexFormat.of()
                    .formatHex(
                        MessageDigest.getInstance("SHA-256")
                            .digest(json.substring(0, end).getBytes(StandardCharsets.UTF_8)))),
        json.substring(json.indexOf("      \"parts\"")));
  }

  /** One bit of each byte in turn. */
  @Test
  void everyChangedByteIsFound() throws IOException {
    byte[] json = json(sample()).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < json.length; i++) {
      byte[] changed = json.clone();
      changed[i] ^= (byte) (1 << i % Byte.SIZE);
      IOException refused =
          assertThrows(IOException.class, () -> Manifest.parse("x/manifest.json", changed), "" + i);
      assertTrue(refused.getMessage().startsWith("x/manifest.json: "), refused.getMessage());
    }
  }

  @Test
  void changedDigitIsFound() throws IOException {
    String json = json(sample()).replace("0.875", "0.975");
    IOException refused = assertThrows(IOException.class, () -> parse(json));
    assertEquals("x/manifest.json: its SHA-256 is not the one at its end", refused.getMessage());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    String json = json(sample());
    assertEquals(json, json(parse(json)));
    assertEquals(sample().tables().get(0).columns(), parse(json).tables().get(0).columns());
    assertEquals(SampleExplanations.LAB, parse(json).explanations().orElseThrow().shape());
    assertEquals(sample().origin(), parse(json).origin());
  }

  @Test
  void columnsHaveTheirShapes() {
    assertEquals(
        new TableEntry.ColumnEntry(
            "features", "array<float>", false, List.of(3L, 3L, 128L), "y,x,k", "activation"),
        sample().tables().get(0).columns().get(6));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format\" : 1 | \"format\" : 2 | format 2, expected 1",
        "\"format\" : 1, | `` | format missing, expected 1",
        "\"seed\" | \"sowed\" : 0, \"seed\" | unknown key origin.sowed",
        "\"rows\" : 3, | `` | Missing creator property 'rows'",
        "\"rows\" : 3 | \"rows\" : null | Cannot map `null` into type `long`",
        "\"count\" : 3 | \"count\" : 3.5 | Cannot coerce Floating-point value (3.5) to `long`",
        "\"created\" : \"2026 | \"created\" : \"x2026 | created x2026-01-31T12:00:00Z, expected a",
        "0.875 | \"NaN\" | test_accuracy NaN, expected a finite number",
        "\"explanations\" | \"other\" | tables [other], expected at most explanations",
        "\"channels\" : 128 | \"channels\" : 0 | table of features (3, 3, 0), expected sizes",
        "\"epochs\" : \"5\", | \"epochs\" : \"5\", \"epochs\" : \"6\", | Duplicate field 'epochs'",
        "model.zip | ../model.zip | file '../model.zip', expected a plain relative name",
        "model.zip | /model.zip | file '/model.zip', expected a plain relative name",
        "model.zip | http://x/model.zip | file 'http://x/model.zip', expected a plain relative name",
        "\"part-0 | \"../part-0 | part '../part-00000.parquet', expected a plain name",
        "\"first\" | \"../first\" | run id '../first', expected a plain name",
        "\"bytes\" : 99 | \"bytes\" : -99 | 3 rows in -99 bytes, expected no negative number",
        "\"height\" : 28 | \"height\" : 4097 | table of images (4097, 28, 1), expected sizes",
        "\"run_id\" | run_id | line 3, column 3: Unexpected character ('r'",
      })
  void damageIsNamed(String found, String replacement, String message) throws IOException {
    String damaged = json(sample()).replaceFirst(Pattern.quote(found), replacement);
    IOException refused = assertThrows(IOException.class, () -> parse(damaged));
    assertEquals("x/manifest.json: ", refused.getMessage().substring(0, 17));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void halfAFileIsRefused() throws IOException {
    String json = json(sample());
    assertThrows(IOException.class, () -> parse(json.substring(0, json.length() / 2)));
    assertThrows(IOException.class, () -> parse(""));
    assertThrows(IOException.class, () -> parse(json + "{}"));
  }

  @Test
  void neitherNestingNorLengthIsFollowedToTheEnd() throws IOException {
    String nested = "{\"format\" : 1, \"origin\" : " + "[".repeat(1 << 20);
    assertTrue(
        assertThrows(IOException.class, () -> parse(nested))
            .getMessage()
            .contains("nesting depth"));
    Files.write(temporary.resolve("manifest.json"), new byte[(1 << 24) + 1]);
    assertEquals(
        temporary + "/manifest.json: longer than 16777216 bytes",
        assertThrows(
                IOException.class,
                () ->
                    Manifest.read(
                        new org.apache.hadoop.fs.Path(temporary.toUri()), SampleRun.CONFIGURATION))
            .getMessage());
  }

  @Test
  void missingManifestIsNamed() {
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                Manifest.read(
                    new org.apache.hadoop.fs.Path(temporary.toUri()), SampleRun.CONFIGURATION));
    assertEquals(
        temporary + "/manifest.json: not found, expected in every published run",
        refused.getMessage());
  }
}
