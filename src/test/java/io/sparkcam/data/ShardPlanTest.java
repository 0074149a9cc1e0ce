package io.sparkcam.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardPlanTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "7, 7", "10, 3", "600, 1", "601, 4", "54001, 16"})
  void everyImageHasOnePlaceAndShardsAreEven(int images, int shards) {
    ShardPlan plan = new ShardPlan(images, shards, 3, 1);
    BitSet[] ranks = new BitSet[shards];
    for (int shard = 0; shard < shards; shard++) {
      ranks[shard] = new BitSet();
      assertTrue(Math.abs(plan.sizeOf(shard) - (double) images / shards) < 1);
    }
    for (long image = 0; image < images; image++) {
      int shard = plan.shardOf(image);
      long rank = plan.rankOf(image);
      ranks[shard].set((int) rank);
      assertEquals(image, plan.imageAt(shard, rank));
    }
    for (int shard = 0; shard < shards; shard++) {
      assertEquals(plan.sizeOf(shard), ranks[shard].cardinality());
      assertEquals(plan.sizeOf(shard), ranks[shard].length());
    }
  }

  @Test
  void everyEpochDealsAnew() {
    assertNotEquals(firstShard(0), firstShard(1));
    assertEquals(firstShard(1), firstShard(1));
  }

  @Test
  void survivesSerialisation() throws Exception {
    ShardPlan plan = new ShardPlan(1000, 8, 5, 2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(plan);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ShardPlan copy = (ShardPlan) in.readObject();
      assertEquals(plan.shards(), copy.shards());
      for (long image = 0; image < 1000; image++) {
        assertEquals(plan.shardOf(image), copy.shardOf(image));
        assertEquals(plan.rankOf(image), copy.rankOf(image));
      }
    }
  }

  @Test
  void impossibleArgumentsAreRefused() {
    assertRefused("0 images, expected at least 1", () -> new ShardPlan(0, 1, 0, 0));
    assertRefused("0 shards, expected 1 to 5 for 5 images", () -> new ShardPlan(5, 0, 0, 0));
    assertRefused("6 shards, expected 1 to 5 for 5 images", () -> new ShardPlan(5, 6, 0, 0));
    ShardPlan plan = new ShardPlan(5, 2, 0, 0);
    assertRefused("shard 2, expected 0 to 1", () -> plan.sizeOf(2));
    assertRefused("rank 2 of shard 1, expected 0 to 1", () -> plan.imageAt(1, 2));
  }

  // int(math.floor(n * (1 - fraction))) in Python, as Keras takes it
  @ParameterizedTest
  @CsvSource({
    "60000, 0.1, 54000",
    "60000, 0, 60000",
    "600, 0.1, 540",
    "10, 0.15, 8",
    "100, 0.29, 71",
    "1000, 0.999, 1",
    "50, 0.02, 49",
    "10, 0.8, 1",
    "90, 0.3, 62",
  })
  void splitTakesTheLastPartAsKerasDoes(long images, double fraction, long training) {
    ValidationSplit split = new ValidationSplit(images, fraction);

    assertEquals(training, split.trainingCount());
    assertEquals(images - training, split.validationCount());
  }

  @Test
  void impossibleSplitsAreRefused() {
    for (double fraction : new double[] {-0.1, 1, 1.5, Double.NaN}) {
      assertRefused(
          "validation split " + fraction + ", expected 0 to below 1",
          () -> new ValidationSplit(100, fraction));
    }
    assertRefused("0 images, expected at least 1", () -> new ValidationSplit(0, 0.1));
    assertRefused(
        "validation split 0.5 of 1 images leaves 0 for training and 1 for validation, expected at"
            + " least 1 each",
        () -> new ValidationSplit(1, 0.5));
  }

  private static LongStream images(ShardPlan plan, int shard) {
    return LongStream.range(0, plan.sizeOf(shard)).map(rank -> plan.imageAt(shard, rank));
  }

  private static List<Long> firstShard(int epoch) {
    return images(new ShardPlan(600, 4, 7, epoch), 0).boxed().toList();
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
