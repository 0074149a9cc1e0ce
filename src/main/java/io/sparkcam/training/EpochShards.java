package io.sparkcam.training;

import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.ShardPlan;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.storage.StorageLevel;
import org.nd4j.linalg.dataset.DataSet;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/**
 * The training images of one epoch: one {@link ImageBlock} a logical shard, in the order of the
 * {@link ShardPlan}, cached on the executors as bytes.
 *
 * <p>As an {@code RDD<DataSet>} it is what {@code SparkDl4jMultiLayer.fit} takes: each shard's
 * minibatches, normalised, labels one-hot. {@link AveragingMaster} reads {@link #blocks} and never
 * makes those.
 */
public final class EpochShards extends JavaRDD<DataSet> implements AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final transient JavaRDD<ImageBlock> blocks;
  private final transient ShardPlan plan;

  private EpochShards(JavaRDD<ImageBlock> blocks, ShardPlan plan, int batchSize, int classes) {
    super(
        blocks.flatMap(block -> new MinibatchIterator(block, batchSize, classes)).rdd(),
        ClassTag$.MODULE$.apply(DataSet.class));
    this.blocks = blocks;
    this.plan = plan;
  }

  /**
   * Moves every image to its shard and place of this epoch: one shuffle.
   *
   * @param images with ids 0 to one less than the plan's number of images, each once
   */
  public static EpochShards of(
      JavaRDD<ImageBlock> images, ShardPlan plan, int batchSize, int classes) {
    JavaRDD<ImageBlock> blocks =
        images
            .flatMapToPair(new Scatter(plan))
            .partitionBy(new ByShard(plan.shards()))
            .mapPartitions(new Gather(plan), true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new EpochShards(blocks, plan, batchSize, classes);
  }

  /** One block a partition: the shard of that number. */
  public JavaRDD<ImageBlock> blocks() {
    return blocks;
  }

  /** Who trains on what. */
  public ShardPlan plan() {
    return plan;
  }

  /** Releases the cached images. */
  @Override
  public void close() {
    blocks.unpersist(false);
  }

  /** Cuts a block into what each shard gets of it. */
  private static final class Scatter
      implements PairFlatMapFunction<ImageBlock, Integer, ImageBlock> {
    private static final long serialVersionUID = 1L;
    private final ShardPlan plan;

    Scatter(ShardPlan plan) {
      this.plan = plan;
    }

    @Override
    public Iterator<Tuple2<Integer, ImageBlock>> call(ImageBlock block) {
      TreeMap<Integer, List<Integer>> rows = new TreeMap<>();
      for (int i = 0; i < block.count(); i++) {
        rows.computeIfAbsent(plan.shardOf(block.ids()[i]), shard -> new ArrayList<>()).add(i);
      }
      List<Tuple2<Integer, ImageBlock>> pieces = new ArrayList<>();
      rows.forEach((shard, selected) -> pieces.add(new Tuple2<>(shard, select(block, selected))));
      return pieces.iterator();
    }

    private static ImageBlock select(ImageBlock block, List<Integer> rows) {
      BlockBuilder piece = new BlockBuilder(block.shape(), rows.size());
      for (int place = 0; place < rows.size(); place++) {
        piece.put(place, block, rows.get(place));
      }
      return piece.build();
    }
  }

  /** Puts every image of a shard at its place. */
  private static final class Gather
      implements FlatMapFunction<Iterator<Tuple2<Integer, ImageBlock>>, ImageBlock> {
    private static final long serialVersionUID = 1L;
    private final ShardPlan plan;

    Gather(ShardPlan plan) {
      this.plan = plan;
    }

    @Override
    public Iterator<ImageBlock> call(Iterator<Tuple2<Integer, ImageBlock>> pieces) {
      BlockBuilder shard = null;
      while (pieces.hasNext()) {
        Tuple2<Integer, ImageBlock> piece = pieces.next();
        ImageBlock block = piece._2();
        if (shard == null) {
          shard = new BlockBuilder(block.shape(), Math.toIntExact(plan.sizeOf(piece._1())));
        }
        for (int i = 0; i < block.count(); i++) {
          shard.put((int) plan.rankOf(block.ids()[i]), block, i);
        }
      }
      return shard == null ? List.<ImageBlock>of().iterator() : List.of(shard.build()).iterator();
    }
  }

  private static final class ByShard extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int shards;

    ByShard(int shards) {
      this.shards = shards;
    }

    @Override
    public int numPartitions() {
      return shards;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByShard && ((ByShard) other).shards == shards;
    }

    @Override
    public int hashCode() {
      return shards;
    }
  }
}
