package io.sparkcam.training;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.data.BlockCache;
import io.sparkcam.data.EpochOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.BlockManagerId;
import org.nd4j.linalg.dataset.DataSet;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/**
 * The training images of one epoch: a {@link Shard} for each worker, in the order of the {@link
 * EpochOrder}. Nothing is shuffled over the network and nothing is persisted: a shard reads what it
 * wants of the chunks, on whichever executor it is.
 *
 * <p>As an {@code RDD<DataSet>} it is what {@code SparkDl4jMultiLayer.fit} takes: each shard's
 * minibatches, normalised, labels one-hot. {@link AveragingMaster} reads {@link #shards} and never
 * makes those.
 */
public final class EpochShards extends JavaRDD<DataSet> implements AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final transient JavaRDD<Shard> shards;
  private final transient EpochOrder order;

  /** A name that no other epoch has, for keys of {@link BlockCache}. */
  private final transient String epoch;

  private EpochShards(
      JavaRDD<Shard> shards, EpochOrder order, String epoch, int batchSize, int classes) {
    super(
        shards.flatMap(shard -> new MinibatchIterator(shard, batchSize, classes)).rdd(),
        ClassTag$.MODULE$.apply(DataSet.class));
    this.shards = shards;
    this.order = order;
    this.epoch = epoch;
  }

  /**
   * The shards of an order.
   *
   * @param images with ids 0 to one less than the order's number of images, and perhaps more
   */
  public static EpochShards of(IndexedImages images, EpochOrder order, int batchSize, int classes) {
    String epoch = UUID.randomUUID().toString();
    JavaRDD<Shard> shards =
        numbers(images.sc(), order.shards()).map(new OpenShard(images.handle(), order, epoch));
    return new EpochShards(shards, order, epoch, batchSize, classes);
  }

  /**
   * The numbers of the shards, a partition each. A shard prefers the same executor in every round,
   * where the blocks that it has read are.
   */
  private static JavaRDD<Integer> numbers(JavaSparkContext sc, int shards) {
    List<String> executors = executors(sc);
    List<Tuple2<Integer, Seq<String>>> numbers = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      List<String> place =
          executors.isEmpty() ? List.of() : List.of(executors.get(shard % executors.size()));
      numbers.add(
          new Tuple2<>(shard, JavaConverters.asScalaBuffer(new ArrayList<>(place)).toSeq()));
    }
    return sc.sc()
        .makeRDD(
            JavaConverters.asScalaBuffer(numbers).toSeq(),
            ClassTag$.MODULE$.<Integer>apply(Integer.class))
        .toJavaRDD();
  }

  /** As Spark spells preferred executors; none where tasks run in the driver. */
  private static List<String> executors(JavaSparkContext sc) {
    List<String> executors = new ArrayList<>();
    var known = sc.sc().env().blockManager().master().getMemoryStatus().keysIterator();
    while (known.hasNext()) {
      BlockManagerId id = known.next();
      if (!id.isDriver()) {
        executors.add("executor_" + id.host() + "_" + id.executorId());
      }
    }
    executors.sort(Comparator.naturalOrder());
    return executors;
  }

  /** One shard a partition. */
  JavaRDD<Shard> shards() {
    return shards;
  }

  /** Who trains on what. */
  public EpochOrder order() {
    return order;
  }

  /** Forgets what this JVM has read of the epoch; elsewhere it makes room when there is need. */
  @Override
  public void close() {
    BlockCache.SHARED.forget(epoch);
  }

  private static final class OpenShard implements Function<Integer, Shard> {
    private static final long serialVersionUID = 1L;
    private final IndexedImages.Handle images;
    private final EpochOrder order;
    private final String epoch;

    OpenShard(IndexedImages.Handle images, EpochOrder order, String epoch) {
      this.images = images;
      this.order = order;
      this.epoch = epoch;
    }

    @Override
    public Shard call(Integer number) {
      return new Shard(images, order, epoch, number);
    }
  }
}
