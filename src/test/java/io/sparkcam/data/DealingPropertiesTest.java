package io.sparkcam.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.idx.Idx;
import io.sparkcam.data.ingest.StoredPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.hadoop.fs.FileUtil;

/** What holds of every data set, however large, and of every way to deal it out. */
class DealingPropertiesTest {
  @Property
  void positionAndIndexAreInverse(
      @ForAll @LongRange(min = 1, max = SeededPermutation.MAX_SIZE) long size,
      @ForAll long seed,
      @ForAll @IntRange(max = 1 << 20) int epoch,
      @ForAll @LongRange(min = 0, max = SeededPermutation.MAX_SIZE - 1) long any) {
    SeededPermutation shuffle = new SeededPermutation(size, seed, epoch);
    long index = any % size;
    long position = shuffle.position(index);
    assertTrue(position >= 0 && position < size);
    assertEquals(index, shuffle.index(position));
    assertEquals(index, shuffle.position(shuffle.index(index)));
  }

  @Property
  void anImageIsWhereItsShardAndRankSay(
      @ForAll @LongRange(min = 1, max = SeededPermutation.MAX_SIZE) long images,
      @ForAll @IntRange(min = 1, max = 10_000) int manyShards,
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = SeededPermutation.MAX_SIZE - 1) long any) {
    int shards = (int) Math.min(images, manyShards);
    ShardPlan plan = new ShardPlan(images, shards, seed, 0);
    long image = any % images;
    assertEquals(image, plan.imageAt(plan.shardOf(image), plan.rankOf(image)));
    long all = 0;
    for (int shard = 0; shard < shards; shard++) {
      assertTrue(Math.abs(plan.sizeOf(shard) - plan.sizeOf(0)) <= 1);
      all += plan.sizeOf(shard);
    }
    assertEquals(images, all);
  }

  @Property
  void splitLosesNothingAndHoldsOutItsShare(
      @ForAll @LongRange(min = 2, max = 1L << 40) long images,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double fraction) {
    ValidationSplit split;
    try {
      split = new ValidationSplit(images, fraction);
    } catch (IllegalArgumentException leavesOneOfThemEmpty) {
      Assume.that(false);
      return;
    }
    assertEquals(images, split.trainingCount() + split.validationCount());
    assertTrue(split.trainingCount() >= 1);
    assertEquals(fraction > 0, split.validationCount() > 0);
    // Rounding of 1 - fraction is 2^-54 at most, of the product 2^-53 of it: far below an image.
    assertTrue(Math.abs(split.validationCount() - images * fraction) <= 1 + images * 0x1p-52);
  }

  @Property(tries = 100)
  void whatIsWrittenAsIdxIsRead(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @Size(min = 1, max = 40) byte[] anyLabels,
      @ForAll boolean zipped,
      @ForAll @IntRange(min = 1, max = 50) int limit)
      throws IOException {
    int count = anyLabels.length;
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = anyLabels[i] & 0xff;
    }
    byte[] images = Idx.images(count, height, width);
    Path directory = Files.createTempDirectory("chunks");
    try {
      StoredPart stored =
          Idx.store(
              Idx.bytes("images", zipped ? Idx.gzip(images) : images),
              Idx.bytes("labels", zipped ? Idx.gzip(Idx.labels(labels)) : Idx.labels(labels)),
              256,
              limit,
              directory);
      int kept = Math.min(limit, count);
      ImageBlock block = Idx.read(stored);
      assertEquals(kept, block.count());
      assertArrayEquals(Arrays.copyOf(labels, kept), block.labels());
      byte[] pixels = new byte[kept * height * width];
      ByteBuffer.wrap(images, 16, pixels.length).get(pixels);
      assertArrayEquals(pixels, block.pixels());
    } finally {
      FileUtil.fullyDelete(directory.toFile());
    }
  }
}
