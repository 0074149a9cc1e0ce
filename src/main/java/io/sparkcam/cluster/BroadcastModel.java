package io.sparkcam.cluster;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.engine.Engine;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A trained network on its way to the executors: broadcast once, at work in one {@link ForwardPass}
 * a thread.
 */
public final class BroadcastModel implements AutoCloseable {
  private static final ClassTag<CamNetwork> TYPE = ClassTag$.MODULE$.apply(CamNetwork.class);

  /** Images that are classified at once where nothing asks for more or fewer. */
  private static final int BATCH = 200;

  private final ReleasedBroadcast<byte[]> network;
  private final ReleasedBroadcast<byte[]> parameters;
  private final Handle handle;

  public BroadcastModel(JavaSparkContext sc, CamNetwork model, Engine engine, float[] parameters) {
    this.parameters = new ReleasedBroadcast<>(sc, FloatBytes.of(parameters));
    this.network = new ReleasedBroadcast<>(sc, bytes(model));
    this.handle = new Handle(network.handle(), engine, this.parameters.handle());
  }

  /** Java's own serialisation, as of closures: networks are records, which Kryo cannot read. */
  private static SerializerInstance serializer() {
    return SparkEnv.get().closureSerializer().newInstance();
  }

  private static byte[] bytes(CamNetwork model) {
    ByteBuffer serialised = serializer().serialize(model, TYPE);
    byte[] bytes = new byte[serialised.remaining()];
    serialised.get(bytes);
    return bytes;
  }

  /** What tasks capture. */
  public Handle handle() {
    return handle;
  }

  @Override
  public void close() {
    parameters.close();
    network.close();
  }

  /** Takes images that the classifier has just classified. */
  @FunctionalInterface
  public interface Batch {
    /** Takes {@code count} images of the block from {@code first} on. */
    void classified(ForwardPass classifier, ImageBlock block, int first, int count);
  }

  /** The network as tasks see it. */
  public static final class Handle implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Broadcast<byte[]> network;
    private transient volatile CamNetwork model;
    private final Engine engine;
    private final Broadcast<byte[]> parameters;

    private Handle(Broadcast<byte[]> network, Engine engine, Broadcast<byte[]> parameters) {
      this.network = network;
      this.engine = engine;
      this.parameters = parameters;
    }

    public CamNetwork model() {
      CamNetwork unpacked = model;
      if (unpacked == null) {
        // The loader of the application's jar, which is not that of Spark's own classes.
        unpacked =
            serializer()
                .deserialize(
                    ByteBuffer.wrap(network.value()), CamNetwork.class.getClassLoader(), TYPE);
        model = unpacked;
      }
      return unpacked;
    }

    /** The flattened parameters in DL4J's order. */
    public float[] parameters() {
      return FloatBytes.read(parameters.value(), 0, model().parameterCount());
    }

    /** Classifies all images, a batch after the other. */
    public void classify(Iterator<ImageBlock> blocks, Batch work) {
      classify(
          classifier -> {
            while (blocks.hasNext()) {
              ImageBlock block = blocks.next();
              for (int first = 0; first < block.count(); first += BATCH) {
                int count = Math.min(BATCH, block.count() - first);
                classifier.classify(block, first, count);
                work.classified(classifier, block, first, count);
              }
            }
          });
    }

    /** Lends a classifier with these parameters for the time of {@code work}. */
    public void classify(Consumer<ForwardPass> work) {
      CamNetwork model = model();
      List<Object> key = List.of(ForwardPass.class, model, engine);
      ForwardPass classifier =
          ObjectPool.borrow(key, () -> new ForwardPass(model, engine.featureMaps(model)));
      classifier.load(parameters());
      work.accept(classifier);
      ObjectPool.giveBack(key, classifier);
    }
  }
}
