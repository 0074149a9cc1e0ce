package io.sparkcam.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever lies where a manifest should be is refused, or read and written again. It comes without
 * the digest at its end, which hardly a changed one would have.
 */
class ManifestFuzzTest {
  private static Manifest parse(byte[] content) throws IOException {
    ByteArrayOutputStream ended = new ByteArrayOutputStream();
    ended.write(content);
    ended.write(Manifest.end(content));
    return Manifest.parse("fuzz", ended.toByteArray());
  }

  /** Otherwise what is made of it would be refused for the same reason. */
  @Test
  void whatIsBegunWithIsAManifest() throws IOException {
    try (InputStream sample =
        ManifestFuzzTest.class.getResourceAsStream("ManifestFuzzTestInputs/manifest/sample")) {
      assertEquals("sample", parse(sample.readAllBytes()).runId());
    }
  }

  @FuzzTest(maxDuration = "10s")
  void manifest(byte[] content) throws IOException {
    Manifest manifest;
    try {
      manifest = parse(content);
    } catch (IOException refused) {
      return;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    if (!Manifest.parse("again", out.toByteArray()).origin().equals(manifest.origin())) {
      throw new IllegalStateException("another manifest when it is read again");
    }
  }
}
