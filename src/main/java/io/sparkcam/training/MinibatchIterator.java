package io.sparkcam.training;

import io.sparkcam.dataset.ImageBlock;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A block as DL4J minibatches: features {@code (batch, C, H, W)} in [0, 1], labels one-hot {@code
 * (batch, classes)}.
 */
final class MinibatchIterator implements Iterator<DataSet> {
  private final ImageBlock block;
  private final int batchSize;
  private final int classes;
  private int next;

  MinibatchIterator(ImageBlock block, int batchSize, int classes) {
    this.block = block;
    this.batchSize = batchSize;
    this.classes = classes;
  }

  @Override
  public boolean hasNext() {
    return next < block.count();
  }

  @Override
  public DataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int count = Math.min(batchSize, block.count() - next);
    float[] images = new float[count * block.shape().size()];
    block.normalise(next, count, images);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, count, classes);
    for (int i = 0; i < count; i++) {
      labels.putScalar(i, block.labels()[next + i], 1);
    }
    next += count;
    long[] shape = {count, block.shape().channels(), block.shape().height(), block.shape().width()};
    return new DataSet(Nd4j.create(images, shape), labels);
  }
}
