package io.sparkcam.network.file.keras;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.ModelOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Whatever lies where an HDF5 file should be is read or refused. */
class Hdf5FuzzTest {
  @FuzzTest(maxDuration = "10s")
  void file(byte[] content) {
    try {
      KerasFile.read(
          ByteBuffer.wrap(content),
          "fuzz.h5",
          new ImageShape(28, 28, 1),
          Optional.empty(),
          ModelOptions.NONE);
    } catch (IOException refused) {
      // what is expected of most
    }
  }
}
