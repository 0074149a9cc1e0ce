package io.sparkcam.training;

import static com.holdenkarau.spark.testing.JavaRDDComparisons.compareRDDWithOrder;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ShardPlan;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;

@SharedSpark
class EpochShardsTest {
  private static final int COUNT = 250;

  @TempDir static Path directory;
  private static IndexedImages images;
  private static ImageBlock all;

  @BeforeAll
  static void store(JavaSparkContext sc) throws IOException {
    images = new IndexedImages(sc, FashionExtract.storeTraining(directory));
    all = FashionExtract.training();
  }

  /** Each shard whole. */
  private static JavaRDD<ImageBlock> blocks(EpochShards shards) {
    return shards
        .shards()
        .flatMap(shard -> LongStream.range(0, shard.windows()).mapToObj(shard::window).iterator());
  }

  private static EpochShards shards(int shards, int epoch) {
    return EpochShards.of(images, new ShardPlan(COUNT, shards, 3, epoch), 32, 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, COUNT})
  void everyImageIsInOneShardAtItsPlace(int shards) {
    try (EpochShards epoch = shards(shards, 1)) {
      List<List<ImageBlock>> parts = blocks(epoch).glom().collect();
      assertEquals(shards, parts.size());
      int size = all.shape().size();
      boolean[] seen = new boolean[COUNT];
      for (int shard = 0; shard < shards; shard++) {
        assertEquals(1, parts.get(shard).size());
        ImageBlock block = parts.get(shard).get(0);
        assertEquals(epoch.order().sizeOf(shard), block.count());
        for (int place = 0; place < block.count(); place++) {
          int id = (int) block.ids()[place];
          assertEquals(epoch.order().imageAt(shard, place), id);
          assertTrue(!seen[id]);
          seen[id] = true;
          assertEquals(all.labels()[id], block.labels()[place]);
          assertEquals(
              -1,
              Arrays.mismatch(
                  all.pixels(),
                  id * size,
                  (id + 1) * size,
                  block.pixels(),
                  place * size,
                  (place + 1) * size));
        }
      }
      for (boolean image : seen) {
        assertTrue(image);
      }
    }
  }

  private static JavaRDD<Long> ids(EpochShards shards) {
    return blocks(shards).flatMap(block -> LongStream.of(block.ids()).boxed().iterator());
  }

  @Test
  void imagesChangeShardsFromEpochToEpoch() {
    ShardPlan first = new ShardPlan(COUNT, 2, 3, 1);
    ShardPlan second = new ShardPlan(COUNT, 2, 3, 2);
    try (EpochShards one = shards(2, 1);
        EpochShards two = shards(2, 2)) {
      assertTrue(compareRDDWithOrder(ids(one), ids(two)).isDefined());
      long moved =
          LongStream.range(0, COUNT).filter(id -> first.shardOf(id) != second.shardOf(id)).count();
      // Half of them by chance: 125, give or take 8.
      assertTrue(moved > 90 && moved < 160, moved + " images moved");
    }
  }

  @Test
  void minibatchesAreWhatDl4jTakes() {
    try (EpochShards epoch = shards(2, 1)) {
      List<DataSet> batches = epoch.collect();
      List<ImageBlock> blocks = blocks(epoch).collect();
      int next = 0;
      for (ImageBlock block : blocks) {
        for (int first = 0; first < block.count(); first += 32) {
          int count = Math.min(32, block.count() - first);
          DataSet batch = batches.get(next++);
          assertArrayEquals(new long[] {count, 1, 28, 28}, batch.getFeatures().shape());
          assertArrayEquals(new long[] {count, 10}, batch.getLabels().shape());
          float[] pixels = new float[count * 784];
          block.normalise(first, count, pixels);
          assertArrayEquals(pixels, batch.getFeatures().dup('c').data().asFloat());
          for (int n = 0; n < count; n++) {
            float[] label = new float[10];
            label[block.labels()[first + n]] = 1;
            assertArrayEquals(label, batch.getLabels().getRow(n).dup().data().asFloat());
          }
        }
      }
      assertEquals(next, batches.size());
    }
  }

  @Test
  void aPlanForMoreImagesThanThereAre() {
    ShardPlan plan = new ShardPlan(601, 2, 3, 1);
    try (EpochShards epoch = EpochShards.of(images, plan, 32, 10)) {
      SparkException failed = assertThrows(SparkException.class, () -> blocks(epoch).count());
      assertTrue(failed.getMessage().contains("image 600, expected 0 to 599"), failed.getMessage());
    }
  }
}
