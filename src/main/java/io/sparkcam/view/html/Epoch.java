package io.sparkcam.view.html;

/**
 * What an epoch of training came to.
 *
 * @param epoch counted from 1
 * @param loss mean cross-entropy in nats over the images trained on
 * @param accuracy fraction of them classified correctly, 0 to 1
 * @param valLoss the same over the held-out images; NaN when none are held out
 * @param valAccuracy the same over the held-out images; NaN when none are held out
 */
public record Epoch(int epoch, double loss, double accuracy, double valLoss, double valAccuracy) {}
