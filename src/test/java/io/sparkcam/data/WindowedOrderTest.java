package io.sparkcam.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowedOrderTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1",
    "100, 10, 30, 1",
    "101, 10, 30, 2",
    "109, 10, 25, 3",
    "95, 100, 10, 4",
    "1000, 7, 64, 5",
    "64, 1, 1000, 64"
  })
  void everyImageHasOnePlaceAndShardsAreEven(int images, int run, int window, int shards) {
    WindowedOrder order = new WindowedOrder(images, run, window, shards, 3, 1);
    Set<Long> seen = new HashSet<>();
    for (int shard = 0; shard < shards; shard++) {
      long size = order.sizeOf(shard);
      assertTrue(size == images / shards || size == images / shards + 1);
      for (long rank = 0; rank < size; rank++) {
        assertTrue(seen.add(order.imageAt(shard, rank)));
      }
    }
    assertEquals(
        LongStream.range(0, images).boxed().collect(java.util.stream.Collectors.toSet()), seen);
  }

  @Test
  void aWindowHoldsFewRunsFromEverywhereInNoOrder() {
    int run = 20;
    int window = 400;
    WindowedOrder order = new WindowedOrder(100_000, run, window, 2, 3, 1);
    Windows windows = new Windows(order.sizeOf(1), window);
    for (long w : new long[] {0, 17, windows.count() - 1}) {
      List<Long> ids =
          LongStream.range(windows.start(w), windows.start(w + 1))
              .map(rank -> order.imageAt(1, rank))
              .boxed()
              .toList();
      long runs = ids.stream().map(id -> id / run).distinct().count();
      // The borders of a window cut two runs.
      assertTrue(runs <= window / run + 1, runs + " runs");
      long neighbours =
          IntStream.range(1, ids.size()).filter(i -> ids.get(i) == ids.get(i - 1) + 1).count();
      assertTrue(neighbours < 20, neighbours + " neighbours in a row");
      long tenths = ids.stream().map(id -> id / 10_000).distinct().count();
      assertTrue(tenths >= 7, "images of " + tenths + " tenths of the data");
    }
  }

  @Test
  void everyEpochAndSeedOrdersAnew() {
    List<Long> first = ids(new WindowedOrder(1000, 10, 100, 2, 3, 1));
    assertEquals(first, ids(new WindowedOrder(1000, 10, 100, 2, 3, 1)));
    assertNotEquals(first, ids(new WindowedOrder(1000, 10, 100, 2, 3, 2)));
    assertNotEquals(first, ids(new WindowedOrder(1000, 10, 100, 2, 4, 1)));
  }

  private static List<Long> ids(EpochOrder order) {
    return LongStream.range(0, order.sizeOf(0)).map(r -> order.imageAt(0, r)).boxed().toList();
  }

  @Test
  void smallDataIsPermutedExactlyAndLargeDataInWindows() {
    long records = EpochOrder.EXACT_BYTES / 1000;
    assertInstanceOf(ShardPlan.class, EpochOrder.of(records, 1000, 100, 2, 42, 1));
    assertInstanceOf(WindowedOrder.class, EpochOrder.of(records + 1, 1000, 100, 2, 42, 1));
  }

  @ParameterizedTest
  @CsvSource({"1, 5, 1", "10, 3, 4", "9, 3, 3", "1000, 999, 2"})
  void windowsHoldEachPlaceOnce(long images, int most, long expected) {
    Windows windows = new Windows(images, most);
    assertEquals(expected, windows.count());
    long next = 0;
    for (long w = 0; w < windows.count(); w++) {
      assertEquals(next, windows.start(w));
      assertTrue(windows.size(w) >= 1 && windows.size(w) <= most);
      for (; next < windows.start(w) + windows.size(w); next++) {
        assertEquals(w, windows.of(next));
      }
    }
    assertEquals(images, next);
  }
}
