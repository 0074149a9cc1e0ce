package io.sparkcam.job;

import io.sparkcam.training.EpochRecord;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What averaging cost, and what to set when that was much. */
final class RoundAdvice {
  /** Share of training time above which it is worth a word. */
  private static final double MUCH = 0.15;

  private RoundAdvice() {}

  /**
   * One line of advice, by the last epoch, since the first ones warm up. None where averaging was
   * cheap.
   */
  static Optional<String> of(List<EpochRecord> epochs, int frequency) {
    EpochRecord last = epochs.get(epochs.size() - 1);
    double compute = last.computeSeconds();
    double overhead =
        last.broadcastSeconds() + last.aggregationSeconds() + last.schedulingSeconds();
    double share = overhead / (compute + overhead);
    if (epochs.size() < 2 || share <= MUCH) {
      return Optional.empty();
    }
    // Overhead is paid by the round, so its share falls as rounds grow longer.
    double wanted = frequency * (overhead / compute) * (1 - MUCH) / MUCH;
    return Optional.of(
        String.format(
            Locale.ROOT,
            "averaging took %.0f%% of the last epoch; --averaging-frequency %d would reduce it to about"
                + " %.0f%% at some cost in accuracy",
            100 * share,
            (int) Math.ceil(wanted),
            100 * MUCH));
  }
}
