package io.sparkcam.training;

import io.sparkcam.network.AdamRule;
import io.sparkcam.network.Initialisation;
import java.io.Serializable;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How to train.
 *
 * @param epochs passes over the training images
 * @param workers logical shards; the result depends on them, not on the executors that hold them
 * @param batchSize images of one worker's step
 * @param averagingFrequency steps between two averagings
 * @param learningRate the largest
 * @param schedule how it goes on
 * @param seed of the initial weights and of every epoch's order
 * @param initialisation of the convolutions
 * @param adam of each worker
 * @param augmentation of the images
 * @param outer what the driver does between rounds
 */
public record TrainingPlan(
    int epochs,
    int workers,
    int batchSize,
    int averagingFrequency,
    double learningRate,
    Schedule schedule,
    long seed,
    Initialisation initialisation,
    AdamRule adam,
    Augmentation augmentation,
    OuterLoop.Plan outer)
    implements Serializable {

  /** How the learning rate goes on. */
  public enum Schedule {
    /** As it is. */
    CONSTANT {
      @Override
      double share(long step, long steps) {
        return 1;
      }
    },
    /** {@code (1 + cos(pi * step / steps)) / 2} (Loshchilov and Hutter 2017, without restarts). */
    COSINE {
      @Override
      double share(long step, long steps) {
        return (1 + Math.cos(Math.PI * Math.min(step, steps) / steps)) / 2;
      }
    },
    /**
     * Rises in equal parts over the first tenth of the steps (Goyal et al. 2017), then falls in
     * equal parts to 0 (Defazio et al. 2023).
     */
    LINEAR {
      @Override
      double share(long step, long steps) {
        double rise = steps / 10.0;
        return step < rise
            ? Math.min(1, (step + 1) / rise)
            : Math.max(0, steps - step) / (steps - rise);
      }
    };

    /** Of the largest rate, at a step of so many. */
    abstract double share(long step, long steps);
  }

  /** Plain averaging of a network that starts, and steps, as Keras has it. */
  public TrainingPlan(
      int epochs,
      int workers,
      int batchSize,
      int averagingFrequency,
      double learningRate,
      Schedule schedule,
      long seed) {
    this(
        epochs,
        workers,
        batchSize,
        averagingFrequency,
        learningRate,
        schedule,
        seed,
        Initialisation.GLOROT,
        AdamRule.LAB,
        Augmentation.NONE,
        OuterLoop.Plan.PLAIN);
  }

  public TrainingPlan {
    if (epochs < 1 || workers < 1 || batchSize < 1 || averagingFrequency < 1) {
      throw new IllegalArgumentException(
          "%s epochs, %s workers, batches of %s, averaging every %s steps, expected at least 1 each"
              .formatted(epochs, workers, batchSize, averagingFrequency));
    }
  }

  /** The rate of each step, where an epoch takes {@code stepsAnEpoch}. */
  public LearningRate rate(long stepsAnEpoch) {
    return LearningRate.of(schedule, learningRate, epochs * stepsAnEpoch);
  }

  /** The rounds of an epoch on so many images. */
  public AveragingRounds rounds(long images) {
    return AveragingRounds.of((images + workers - 1) / workers, batchSize, averagingFrequency);
  }

  /**
   * Every part of the plan under the name of its setting ({@code outer-momentum}), as a file would
   * write it: all that a result follows from beside data and network.
   */
  public Map<String, String> entries() {
    Map<String, String> entries = new LinkedHashMap<>();
    put(entries, "", this);
    return entries;
  }

  private static void put(Map<String, String> entries, String prefix, Record part) {
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      String name =
          prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      Object value = valueOf(component, part);
      if (value instanceof Record inner) {
        put(entries, name + "-", inner);
      } else {
        entries.put(name, value.toString().toLowerCase(Locale.ROOT));
      }
    }
  }

  private static Object valueOf(RecordComponent component, Record part) {
    try {
      return component.getAccessor().invoke(part);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("records can be read by this class", e);
    }
  }
}
