package io.sparkcam.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeatedImagesTest {
  @TempDir Path directory;

  @Test
  void imagesAndLabelsComeAgainUnderFreshIds() throws IOException {
    ImageBlock two =
        new ImageBlock(
            new ImageShape(1, 2, 1), new long[] {0, 1}, new int[] {3, 4}, new byte[] {1, 2, -1, 9});
    RepeatedImages images = new RepeatedImages(two, 10);
    try (ChunkReader reader =
        new ChunkReader(images.store(directory.resolve("s"), 5), new Configuration())) {
      ImageBlock five = reader.read(0, 5);
      assertArrayEquals(new long[] {0, 1, 2, 3, 4}, five.ids());
      assertArrayEquals(new int[] {3, 4, 3, 4, 3}, five.labels());
      assertArrayEquals(new byte[] {1, 2, -1, 9, 1, 2, -1, 9, 1, 2}, five.pixels());
    }
  }
}
