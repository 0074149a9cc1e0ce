package io.sparkcam.training;

/**
 * The rounds of an epoch that are done, added up in their order.
 *
 * @param rounds how many are done
 * @param examples images trained on
 * @param lossSum sum of their losses
 * @param correct how many of them were classified as labelled
 * @param seconds since the epoch began, without the time that the job was not running
 * @param computeSeconds of the rounds, as {@link AveragingMaster.Round} counts them
 * @param broadcastSeconds of the rounds
 * @param aggregationSeconds of the rounds
 * @param schedulingSeconds of the rounds
 */
public record PartialEpoch(
    int rounds,
    long examples,
    double lossSum,
    long correct,
    double seconds,
    double computeSeconds,
    double broadcastSeconds,
    double aggregationSeconds,
    double schedulingSeconds) {
  /** An epoch that has not begun. */
  public static final PartialEpoch NONE = new PartialEpoch(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
