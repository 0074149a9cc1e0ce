package io.sparkcam.training;

/**
 * What one epoch came to: a line of the training history.
 *
 * @param epoch counted from 1
 * @param loss mean cross-entropy over the images trained on
 * @param accuracy fraction of them classified correctly, 0 to 1
 * @param valLoss the same over the held-out images; NaN when none are held out
 * @param valAccuracy the same over the held-out images; NaN when none are held out
 * @param learningRate at the end of the epoch
 * @param seconds the whole epoch took, validation included
 * @param imagesPerSecond images trained on in each second of training
 * @param computeSeconds spent in forward and backward passes
 * @param broadcastSeconds spent sending the model out
 * @param aggregationSeconds spent averaging what came back
 * @param schedulingSeconds the rest of the rounds: launching tasks and waiting for the slowest
 */
public record EpochRecord(
    int epoch,
    double loss,
    double accuracy,
    double valLoss,
    double valAccuracy,
    double learningRate,
    double seconds,
    double imagesPerSecond,
    double computeSeconds,
    double broadcastSeconds,
    double aggregationSeconds,
    double schedulingSeconds) {
  public EpochRecord {
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch: " + epoch + ", expected 1 or more");
    }
  }
}
