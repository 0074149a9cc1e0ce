package io.sparkcam.network.file.onnx;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sparkcam.data.ImageShape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/** Whatever lies where an ONNX file should be is read or refused. */
class OnnxFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void file(byte[] content) {
    try {
      OnnxFile.read(
          new ByteArrayInputStream(content),
          "fuzz.onnx",
          new ImageShape(28, 28, 1),
          Optional.empty());
    } catch (IOException refused) {
      // what is expected of most
    }
  }
}
