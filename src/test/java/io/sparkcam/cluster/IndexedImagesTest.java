package io.sparkcam.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SharedSpark
class IndexedImagesTest {
  @TempDir static Path directory;
  private static IndexedImages images;
  private static ImageBlock all;

  @BeforeAll
  static void spool(JavaSparkContext sc) throws IOException {
    // A blank in the name: Hadoop makes a URI of it.
    Path blank = Files.createDirectory(directory.resolve("stored images"));
    images = new IndexedImages(sc, FashionExtract.storeTest(blank));
    all = FashionExtract.test();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 200, 32, 1",
    "0, 200, 32, 2",
    "0, 200, 32, 7",
    "37, 111, 10, 3",
    "0, 200, 1, 5",
    "199, 200, 64, 4",
    "0, 200, 1000, 2"
  })
  void everyImageOfTheRangeInOrder(int first, int end, int blockSize, int partitions) {
    JavaRDD<ImageBlock> blocks = images.blocks(first, end, blockSize, partitions);
    int most = (end - first + blockSize - 1) / blockSize;
    assertEquals(Math.min(partitions, most), blocks.getNumPartitions());
    int size = all.shape().size();
    int next = first;
    for (List<ImageBlock> part : blocks.glom().collect()) {
      assertTrue(!part.isEmpty());
      for (ImageBlock block : part) {
        int after = next + block.count();
        assertTrue(block.count() == blockSize || after == end);
        assertArrayEquals(Arrays.copyOfRange(all.ids(), next, after), block.ids());
        assertArrayEquals(Arrays.copyOfRange(all.labels(), next, after), block.labels());
        assertArrayEquals(
            Arrays.copyOfRange(all.pixels(), next * size, after * size), block.pixels());
        next = after;
      }
    }
    assertEquals(end, next);
  }

  @ParameterizedTest
  @CsvSource({"-1, 10", "0, 201", "7, 7", "8, 7"})
  void rangeMustHoldImages(int first, int end) {
    assertEquals(
        "images " + first + " to " + end + ", expected a range within 0 to 200",
        assertThrows(IllegalArgumentException.class, () -> images.blocks(first, end, 32, 2))
            .getMessage());
  }
}
