package io.sparkcam.network.file;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;

/** Whatever lies where a model or one of its arrays should be is read or refused. */
class ModelFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void file(byte[] content) {
    try {
      ModelZip.recognise(
          ModelZip.read(new ByteArrayInputStream(content), "fuzz.zip"), "fuzz.zip", 4, 4, 1);
    } catch (IOException refused) {
      // what is expected of most
    }
    try {
      StoredArray.read(new DataInputStream(new ByteArrayInputStream(content)), "fuzz", 3);
    } catch (IOException refused) {
      // what is expected of most
    }
  }
}
