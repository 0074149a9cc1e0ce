package io.sparkcam.verify;

import io.sparkcam.text.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the verification of a run found.
 *
 * @param run where the run is
 * @param results of every check that was made, in order
 */
public record VerificationReport(String run, List<Result> results) {

  /**
   * What one check found.
   *
   * @param check its name
   * @param meaning what it asks for
   * @param examined rows or files
   * @param failed failures found, at most one for each row and check
   * @param failures the first of them, each naming the file or the row's id
   */
  public record Result(
      String check, String meaning, long examined, long failed, List<String> failures) {
    public Result {
      failures = List.copyOf(failures);
    }
  }

  public VerificationReport {
    results = List.copyOf(results);
  }

  /** Whether nothing is wrong. */
  public boolean sound() {
    return results.stream().allMatch(result -> result.failed() == 0);
  }

  /**
   * Ends quietly if nothing is wrong.
   *
   * @throws IOException with the first failure and their number
   */
  public void requireSound() throws IOException {
    long failed = results.stream().mapToLong(Result::failed).sum();
    for (Result result : results) {
      if (result.failed() > 0) {
        throw new IOException(
            "%s: %s: %s%s"
                .formatted(
                    run,
                    result.check(),
                    result.failures().get(0),
                    failed == 1 ? "" : " (first of " + failed + " failures)"));
      }
    }
  }

  /** The report as text, a line a check and a line a failure. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Result result : results) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-13s %8d examined, %s: %s",
              result.check(),
              result.examined(),
              result.failed() == 0 ? "all right" : result.failed() + " failed",
              result.meaning()));
      // Names of files may be in it: a terminal is not to take orders from there.
      result.failures().forEach(failure -> lines.add("  " + Printable.of(failure)));
      if (result.failed() > result.failures().size()) {
        lines.add("  and " + (result.failed() - result.failures().size()) + " more");
      }
    }
    return lines;
  }
}
