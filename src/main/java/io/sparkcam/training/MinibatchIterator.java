package io.sparkcam.training;

import io.sparkcam.data.ImageShape;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A shard as DL4J minibatches: features {@code (batch, C, H, W)} in [0, 1], labels one-hot {@code
 * (batch, classes)}.
 */
final class MinibatchIterator implements Iterator<DataSet> {
  private final Shard shard;
  private final int batchSize;
  private final int classes;
  private long next;

  MinibatchIterator(Shard shard, int batchSize, int classes) {
    this.shard = shard;
    this.batchSize = batchSize;
    this.classes = classes;
  }

  @Override
  public boolean hasNext() {
    return next < shard.count();
  }

  @Override
  public DataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int count = (int) Math.min(batchSize, shard.count() - next);
    ImageShape shape = shard.shape();
    float[] pixels = new float[count * shape.size()];
    int[] classOf = shard.read(next, count, pixels);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, count, classes);
    for (int i = 0; i < count; i++) {
      labels.putScalar(i, classOf[i], 1);
    }
    next += count;
    long[] size = {count, shape.channels(), shape.height(), shape.width()};
    return new DataSet(Nd4j.create(pixels, size), labels);
  }
}
