package io.sparkcam.data.idx;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ingest.ImageSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies where images or labels should be, plain or gzip, is read or refused. */
class IdxFuzzTest {
  @TempDir static Path directory;

  @FuzzTest(maxDuration = "10s")
  void file(byte[] content) throws IOException {
    ByteSource file = Idx.bytes("fuzz", content);
    store(file, Idx.bytes("labels", Idx.labels(0, 1, 2)));
    store(Idx.bytes("images", Idx.images(3, 2, 2)), file);
  }

  private static void store(ByteSource images, ByteSource labels) throws IOException {
    try {
      Idx.read(Idx.store(images, labels, 10, ImageSource.ALL, directory));
    } catch (IOException refused) {
      if (directory.toFile().list().length > 0) {
        throw new IllegalStateException("refused data is left behind", refused);
      }
    }
    for (File chunk : directory.toFile().listFiles()) {
      Files.delete(chunk.toPath());
    }
  }
}
