package io.sparkcam.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
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
    spool(file, Idx.bytes("labels", Idx.labels(0, 1, 2)));
    spool(Idx.bytes("images", Idx.images(3, 2, 2)), file);
  }

  private static void spool(ByteSource images, ByteSource labels) throws IOException {
    Path file = directory.resolve("spool");
    try {
      Spool spool = IdxSpool.write(images, labels, 10, file, IdxSpool.ALL);
      try (SpoolReader reader = SpoolReader.open(file)) {
        reader.read(0, (int) spool.count());
      }
    } catch (IOException refused) {
      if (Files.exists(file)) {
        throw new IllegalStateException("refused data is left behind", refused);
      }
    }
    Files.deleteIfExists(file);
  }
}
