package io.sparkcam.verify;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What checks found: how much was examined, how much failed, and the first failures. Tasks make
 * them, the driver adds them up; made of plain classes, which every serializer carries.
 */
final class CheckResults implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Failures of one check that are told. */
  private static final int TOLD = 5;

  private final TreeMap<Check, Finding> findings = new TreeMap<>();

  private Finding of(Check check) {
    return findings.computeIfAbsent(check, made -> new Finding());
  }

  /** One row, or one file, is examined. */
  void examine(Check check) {
    of(check).examined++;
  }

  /**
   * What is examined failed.
   *
   * @param position where, for the order: a row's id, or 0
   */
  void fail(Check check, long position, String message) {
    Finding finding = of(check);
    finding.failed++;
    finding.add(new Failure(position, message));
  }

  /** Adds what the other found to this. */
  CheckResults add(CheckResults other) {
    other.findings.forEach((check, finding) -> of(check).add(finding));
    return this;
  }

  boolean failed(Check check) {
    return of(check).failed > 0;
  }

  /** Of every check that was made. */
  List<VerificationReport.Result> results() {
    List<VerificationReport.Result> results = new ArrayList<>();
    findings.forEach(
        (check, finding) -> {
          if (finding.examined + finding.failed > 0) {
            results.add(
                new VerificationReport.Result(
                    check.title(),
                    check.meaning(),
                    finding.examined,
                    finding.failed,
                    finding.first.stream().map(failure -> failure.message).toList()));
          }
        });
    return results;
  }

  private static final class Finding implements Serializable {
    private static final long serialVersionUID = 1L;
    private long examined;
    private long failed;

    /** In order. */
    private final ArrayList<Failure> first = new ArrayList<>();

    void add(Finding other) {
      examined += other.examined;
      failed += other.failed;
      other.first.forEach(this::add);
    }

    void add(Failure failure) {
      first.add(failure);
      first.sort(
          Comparator.<Failure>comparingLong(told -> told.position)
              .thenComparing(told -> told.message));
      if (first.size() > TOLD) {
        first.remove(TOLD);
      }
    }
  }

  private static final class Failure implements Serializable {
    private static final long serialVersionUID = 1L;
    private final long position;
    private final String message;

    Failure(long position, String message) {
      this.position = position;
      this.message = message;
    }
  }
}
