package io.sparkcam.sink;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Whatever lies where a manifest should be is refused, or read and written again. It comes without
 * the digest at its end, which hardly a changed one would have.
 */
class ManifestFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void manifest(byte[] content) throws IOException {
    ByteArrayOutputStream ended = new ByteArrayOutputStream();
    ended.write(content);
    ended.write(Manifest.end(content));
    Manifest manifest;
    try {
      manifest = Manifest.parse("fuzz", ended.toByteArray());
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
