package io.sparkcam.training;

import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.ReleasedBroadcast;
import io.sparkcam.cluster.TestEvaluation;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.GapHead;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * Trains a dense softmax layer on the averaged features of a network that stays as it is. The loss
 * is convex: it has one minimum, whoever computes the sums.
 *
 * <p>{@code loss(w) = 1/N * sum over n of -log softmax(w x_n)[label_n] + penalty / 2 * |w|^2}, with
 * x the averages of the K channels and a 1 for the bias.
 */
public final class HeadTraining {
  /** Norm of the loss's gradient below which training ends. */
  public static final double TOLERANCE = 1e-8;

  private static final int MOST_STEPS = 100;

  /** Values of the matrices that the Hessian is taken for: 32 MB. */
  private static final long MOST_BLOCK_VALUES = 1 << 22;

  private HeadTraining() {}

  /**
   * A trained layer.
   *
   * @param parameters as {@link GapHead} lays them out
   * @param loss mean cross-entropy of the images, without the penalty
   * @param accuracy share of them classified correctly
   * @param gradientNorm that is left
   * @param passes over the averages
   */
  public record Head(
      float[] parameters, double loss, double accuracy, double gradientNorm, int passes) {

    /**
     * As the only line of a training history.
     *
     * @param images trained on
     * @param held how the images held out were classified, if any were
     */
    public EpochRecord record(long images, Optional<TestEvaluation> held, double seconds) {
      double none = Double.NaN;
      return new EpochRecord(
          1,
          loss,
          accuracy,
          held.map(TestEvaluation::loss).orElse(none),
          held.map(TestEvaluation::accuracy).orElse(none),
          none,
          seconds,
          images / seconds,
          none,
          none,
          none,
          none);
    }
  }

  /**
   * Trains.
   *
   * @param backbone of which only the features count; each image goes through it once
   * @param images labelled 0 to {@code classes - 1}
   */
  public static Head train(
      JavaSparkContext sc,
      BroadcastModel.Handle backbone,
      JavaRDD<ImageBlock> images,
      long count,
      int classes,
      double penalty) {
    JavaRDD<Pooled> pooled =
        images.mapPartitions(new PoolFeatures(backbone)).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Loss loss =
          new Loss(sc, pooled, count, classes, backbone.model().featureChannels() + 1, penalty);
      double[] gradient = new double[loss.inputs * classes];
      double[] weights = NewtonMethod.minimum(loss, gradient.length, TOLERANCE, MOST_STEPS);
      Sums there = loss.gradient(weights, gradient);
      return new Head(
          parameters(weights, loss.inputs - 1, classes),
          there.loss / count,
          (double) there.correct / count,
          NewtonMethod.norm(gradient),
          loss.passes);
    } finally {
      pooled.unpersist();
    }
  }

  /** The loss; its sums over images are computed by tasks, and added in the order of these. */
  private static final class Loss implements NewtonMethod.Objective {
    private final JavaSparkContext sc;
    private final JavaRDD<Pooled> pooled;
    private final long count;
    private final int classes;
    private final int inputs;
    private final double penalty;
    private int passes;

    Loss(
        JavaSparkContext sc,
        JavaRDD<Pooled> pooled,
        long count,
        int classes,
        int inputs,
        double penalty) {
      this.sc = sc;
      this.pooled = pooled;
      this.count = count;
      this.classes = classes;
      this.inputs = inputs;
      this.penalty = penalty;
    }

    private Sums sums(Quantity quantity, int size, double[]... points) {
      passes++;
      try (var broadcast = new ReleasedBroadcast<>(sc, points)) {
        Sums all = new Sums(size);
        pooled
            .mapPartitions(new AddUp(broadcast.handle(), classes, quantity, size))
            .collect()
            .forEach(all::add);
        return all;
      }
    }

    @Override
    public double at(double[] weights, double[] gradient) {
      double squares = NewtonMethod.norm(weights);
      return gradient(weights, gradient).loss / count + penalty / 2 * squares * squares;
    }

    private Sums gradient(double[] weights, double[] gradient) {
      Sums sums = sums(new Gradient(), weights.length, weights);
      for (int i = 0; i < weights.length; i++) {
        gradient[i] = sums.values[i] / count + penalty * weights[i];
      }
      return sums;
    }

    @Override
    public double[] hessian(double[] weights, double[] direction) {
      double[] product = sums(new Curvature(), weights.length, weights, direction).values;
      for (int i = 0; i < product.length; i++) {
        product[i] = product[i] / count + penalty * direction[i];
      }
      return product;
    }

    /**
     * That of the Hessian without what is between classes; where that is too large, of the mean of
     * its classes. Kept to weights that add up to 0 over the classes, as all are on the way: any
     * others would have no curvature but the penalty's.
     */
    @Override
    public UnaryOperator<double[]> inverse(double[] weights) {
      long square = (long) inputs * inputs;
      int blocks = square * classes <= MOST_BLOCK_VALUES ? classes : 1;
      double[] moments =
          sums(new Moments(blocks), Math.toIntExact(square * blocks), weights).values;
      DecompositionSolver[] solvers = new DecompositionSolver[blocks];
      Arrays.setAll(solvers, block -> solver(moments, block * inputs * inputs));
      return values -> {
        double[] solved = centred(values);
        for (int c = 0; c < classes; c++) {
          double[] row = Arrays.copyOfRange(solved, c * inputs, (c + 1) * inputs);
          double[] inverse = solvers[c % blocks].solve(new ArrayRealVector(row, false)).toArray();
          System.arraycopy(inverse, 0, solved, c * inputs, inputs);
        }
        return centred(solved);
      };
    }

    private DecompositionSolver solver(double[] moments, int from) {
      double[][] matrix = new double[inputs][inputs];
      for (int i = 0; i < inputs; i++) {
        for (int j = 0; j <= i; j++) {
          matrix[i][j] = moments[from + i * inputs + j] / count;
          matrix[j][i] = matrix[i][j];
        }
        matrix[i][i] += penalty;
      }
      return new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false)).getSolver();
    }

    /** Less the mean over the classes. */
    private double[] centred(double[] values) {
      double[] centred = values.clone();
      for (int i = 0; i < inputs; i++) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
          sum += values[c * inputs + i];
        }
        for (int c = 0; c < classes; c++) {
          centred[c * inputs + i] -= sum / classes;
        }
      }
      return centred;
    }
  }

  /** Weights class by class, then biases. */
  private static float[] parameters(double[] weights, int channels, int classes) {
    float[] parameters = new float[(channels + 1) * classes];
    for (int c = 0; c < classes; c++) {
      for (int k = 0; k < channels; k++) {
        parameters[c * channels + k] = (float) weights[c * (channels + 1) + k];
      }
      parameters[channels * classes + c] = (float) weights[c * (channels + 1) + channels];
    }
    return parameters;
  }

  /** The averaged features of some images, {@code (images, K)}. */
  private static final class Pooled implements Serializable {
    private static final long serialVersionUID = 1L;
    private final float[] values;
    private final int[] labels;

    Pooled(float[] values, int[] labels) {
      this.values = values;
      this.labels = labels;
    }
  }

  private static final class PoolFeatures implements FlatMapFunction<Iterator<ImageBlock>, Pooled> {
    private static final long serialVersionUID = 1L;
    private final BroadcastModel.Handle backbone;

    PoolFeatures(BroadcastModel.Handle backbone) {
      this.backbone = backbone;
    }

    @Override
    public Iterator<Pooled> call(Iterator<ImageBlock> blocks) {
      CamNetwork network = backbone.model();
      GapHead average =
          new GapHead(
              network.featureRows() * network.featureColumns(),
              network.featureChannels(),
              network.classes());
      List<Pooled> all = new ArrayList<>();
      backbone.classify(
          blocks,
          (classifier, block, first, count) -> {
            float[] values = new float[count * network.featureChannels()];
            average.pool(count, classifier.features(), values);
            all.add(new Pooled(values, Arrays.copyOfRange(block.labels(), first, first + count)));
          });
      return all.iterator();
    }
  }

  /** What is added up over images. */
  private static final class Sums implements Serializable {
    private static final long serialVersionUID = 1L;
    private final double[] values;
    private double loss;
    private long correct;

    Sums(int count) {
      values = new double[count];
    }

    void add(Sums other) {
      for (int i = 0; i < values.length; i++) {
        values[i] += other.values[i];
      }
      loss += other.loss;
      correct += other.correct;
    }
  }

  /** What an image adds. */
  @FunctionalInterface
  private interface Quantity extends Serializable {
    /**
     * Adds it.
     *
     * @param x averages of the image's features, and a 1
     * @param p probabilities of its classes
     * @param points that were sent: weights, and a direction
     */
    void add(double[] x, int label, double[] p, double[][] points, Sums sums);
  }

  /** {@code (p - y) x^T}. */
  private static final class Gradient implements Quantity {
    private static final long serialVersionUID = 1L;

    @Override
    public void add(double[] x, int label, double[] p, double[][] points, Sums sums) {
      for (int c = 0; c < p.length; c++) {
        axpy(p[c] - (c == label ? 1 : 0), x, sums.values, c * x.length, x.length);
      }
    }
  }

  /** {@code (diag(p) - p p^T) d x x^T} of a direction d. */
  private static final class Curvature implements Quantity {
    private static final long serialVersionUID = 1L;

    @Override
    public void add(double[] x, int label, double[] p, double[][] points, Sums sums) {
      double[] change = new double[p.length];
      double mean = 0;
      for (int c = 0; c < p.length; c++) {
        change[c] = NewtonMethod.dot(points[1], c * x.length, x);
        mean += p[c] * change[c];
      }
      for (int c = 0; c < p.length; c++) {
        axpy(p[c] * (change[c] - mean), x, sums.values, c * x.length, x.length);
      }
    }
  }

  /** The lower half of {@code p (1 - p) x x^T} for each class, or of the mean over the classes. */
  private static final class Moments implements Quantity {
    private static final long serialVersionUID = 1L;
    private static final double NEGLIGIBLE = 1e-6;
    private final int blocks;

    Moments(int blocks) {
      this.blocks = blocks;
    }

    @Override
    public void add(double[] x, int label, double[] p, double[][] points, Sums sums) {
      double[] shares = new double[blocks];
      for (int c = 0; c < p.length; c++) {
        shares[c % blocks] += p[c] * (1 - p[c]) * blocks / p.length;
      }
      for (int block = 0; block < blocks; block++) {
        // Most classes are out of the question for most images: that much is near enough.
        for (int i = 0; i < x.length && shares[block] > NEGLIGIBLE; i++) {
          int row = (block * x.length + i) * x.length;
          axpy(shares[block] * x[i], x, sums.values, row, i + 1);
        }
      }
    }
  }

  private static final class AddUp implements FlatMapFunction<Iterator<Pooled>, Sums> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<double[][]> points;
    private final int classes;
    private final Quantity quantity;
    private final int size;

    AddUp(Broadcast<double[][]> points, int classes, Quantity quantity, int size) {
      this.points = points;
      this.classes = classes;
      this.quantity = quantity;
      this.size = size;
    }

    @Override
    public Iterator<Sums> call(Iterator<Pooled> batches) {
      double[][] sent = points.value();
      Sums sums = new Sums(size);
      double[] x = new double[sent[0].length / classes];
      double[] p = new double[classes];
      while (batches.hasNext()) {
        Pooled batch = batches.next();
        for (int n = 0; n < batch.labels.length; n++) {
          int label = batch.labels[n];
          input(batch, n, x);
          classify(sent[0], x, label, p, sums);
          quantity.add(x, label, p, sent, sums);
        }
      }
      return List.of(sums).iterator();
    }

    private static void classify(double[] weights, double[] x, int label, double[] p, Sums sums) {
      int top = 0;
      for (int c = 0; c < p.length; c++) {
        p[c] = NewtonMethod.dot(weights, c * x.length, x);
        top = p[c] > p[top] ? c : top;
      }
      double largest = p[top];
      double logit = p[label] - largest;
      double total = 0;
      for (int c = 0; c < p.length; c++) {
        p[c] = Math.exp(p[c] - largest);
        total += p[c];
      }
      for (int c = 0; c < p.length; c++) {
        p[c] /= total;
      }
      sums.loss += Math.log(total) - logit;
      sums.correct += top == label ? 1 : 0;
    }
  }

  /** The averages of image {@code n}, and a 1. */
  private static void input(Pooled batch, int n, double[] x) {
    int channels = x.length - 1;
    for (int k = 0; k < channels; k++) {
      x[k] = batch.values[n * channels + k];
    }
    x[channels] = 1;
  }

  private static void axpy(double a, double[] x, double[] y, int offset, int length) {
    for (int i = 0; i < length; i++) {
      y[offset + i] += a * x[i];
    }
  }
}
