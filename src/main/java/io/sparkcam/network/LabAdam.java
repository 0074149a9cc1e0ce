package io.sparkcam.network;

/**
 * An {@link AdamRule} in the form Keras and DL4J use, with epsilon beside the uncorrected root:
 * {@code p -= a * m / (sqrt(v) + eps)}, {@code a = lr * sqrt(1 - beta2^t) / (1 - beta1^t)}, t
 * counting from 1.
 *
 * <p>After every 32nd step, moments below 1e-30 in magnitude become 0. Where a gradient is 0 from
 * some step on, moments would fall to denormal numbers, whose arithmetic takes many times as long;
 * from 1e-30 the first moments, which fall fastest, come to no less than 3e-32 before they are
 * looked at again. Beside epsilon, 1e-30 is nothing.
 */
public final class LabAdam {
  private static final float LEAST = 1e-30f;
  private static final int LOOK_EVERY = 32;

  private final AdamRule rule;
  private final float[] first;
  private final float[] second;
  private int iteration;

  public LabAdam(AdamRule rule, int parameters) {
    this.rule = rule;
    first = new float[parameters];
    second = new float[parameters];
  }

  public void load(TrainingState state) {
    System.arraycopy(state.moments(), 0, first, 0, first.length);
    System.arraycopy(state.moments(), first.length, second, 0, second.length);
    iteration = state.iteration();
  }

  /** One step on gradients summed over {@code batch} examples. */
  public void step(float[] parameters, float[] gradients, int batch, double learningRate) {
    iteration++;
    float rate =
        (float)
            (learningRate
                * Math.sqrt(1 - Math.pow(rule.beta2(), iteration))
                / (1 - Math.pow(AdamRule.BETA1, iteration)));
    float share = 1f / batch;
    float keep1 = (float) AdamRule.BETA1;
    float keep2 = (float) rule.beta2();
    float take1 = (float) (1 - AdamRule.BETA1);
    float take2 = (float) (1 - rule.beta2());
    float epsilon = (float) AdamRule.EPSILON;
    for (int i = 0; i < parameters.length; i++) {
      float gradient = gradients[i] * share;
      float m = keep1 * first[i] + take1 * gradient;
      float v = keep2 * second[i] + take2 * gradient * gradient;
      first[i] = m;
      second[i] = v;
      parameters[i] -= rate * m / ((float) Math.sqrt(v) + epsilon);
    }
    if (iteration % LOOK_EVERY == 0) {
      clearDenormals(first);
      clearDenormals(second);
    }
  }

  private static void clearDenormals(float[] moments) {
    for (int i = 0; i < moments.length; i++) {
      if (Math.abs(moments[i]) < LEAST) {
        moments[i] = 0;
      }
    }
  }

  public TrainingState state(float[] parameters) {
    float[] moments = new float[first.length + second.length];
    System.arraycopy(first, 0, moments, 0, first.length);
    System.arraycopy(second, 0, moments, first.length, second.length);
    return new TrainingState(parameters.clone(), moments, iteration);
  }
}
