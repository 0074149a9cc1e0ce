package io.sparkcam.training;

import io.sparkcam.cluster.SpooledImages;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.ShardPlan;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.nd4j.linalg.dataset.DataSet;
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
   * The shards of {@code plan}, each read from the executor's copy of the images when its first
   * round wants it: nothing is shuffled over the network.
   *
   * @param images with ids 0 to one less than the plan's number of images, and perhaps more
   */
  public static EpochShards of(SpooledImages images, ShardPlan plan, int batchSize, int classes) {
    List<Shard> shards =
        IntStream.range(0, plan.shards()).mapToObj(number -> new Shard(plan, number)).toList();
    JavaRDD<ImageBlock> blocks = images.blocks(shards).persist(StorageLevel.MEMORY_AND_DISK());
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

  /** No record: Kryo, where a cluster is set to it, cannot write those. */
  private static final class Shard implements SpooledImages.Selection {
    private static final long serialVersionUID = 1L;
    private final ShardPlan plan;
    private final int number;

    Shard(ShardPlan plan, int number) {
      this.plan = plan;
      this.number = number;
    }

    @Override
    public int count() {
      return Math.toIntExact(plan.sizeOf(number));
    }

    @Override
    public long id(int place) {
      return plan.imageAt(number, place);
    }
  }
}
