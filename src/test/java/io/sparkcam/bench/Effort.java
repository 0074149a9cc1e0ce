package io.sparkcam.bench;

import java.util.Locale;

/** How much is measured: every size and every repeat. */
enum Effort {
  /** What figures are quoted from. */
  FULL,
  /** Only to see that the benchmarks work. */
  QUICK;

  /** Task slots and logical shards of everything that runs on Spark. */
  static final int WORKERS = 2;

  /** Images in a worker's training step. */
  static final int BATCH = 32;

  static Effort named(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  private int of(int full, int quick) {
    return this == FULL ? full : quick;
  }

  /** Images of the training part, before those held out are taken off. */
  int trainingImages() {
    return of(60_000, 4_000);
  }

  /** Epochs that do not count. */
  int warmEpochs() {
    return 2;
  }

  int measuredEpochs() {
    return 3;
  }

  /** The same where single rounds are measured. */
  int warmRoundEpochs() {
    return of(2, 1);
  }

  int measuredRoundEpochs() {
    return of(2, 1);
  }

  int warmJobs() {
    return of(50, 10);
  }

  int measuredJobs() {
    return of(200, 30);
  }

  /**
   * Steps between two averagings where rounds are counted or sizes compared: few enough for several
   * rounds in the smallest epoch.
   */
  int frequency() {
    return of(32, 8);
  }

  /** Images of one measurement that is named by that size. */
  int scalingImages(int nominal) {
    return nominal / of(1, 100);
  }

  /** Images trained on before any size is measured. */
  int scalingWarmImages() {
    return scalingImages(60_000);
  }

  /**
   * Steps between two averagings meanwhile: as many rounds as Spark's code takes to be compiled.
   */
  int scalingWarmFrequency() {
    return 4;
  }

  /** Epochs measured after one that is not: the fewer, the more images. */
  int scalingEpochs(int nominal) {
    return nominal < 60_000 ? of(25, 5) : nominal == 60_000 ? of(5, 3) : 1;
  }

  int explainedImages() {
    return of(100_000, 3_000);
  }

  int onnxImages() {
    return of(2_000, 256);
  }

  /** Passes measured after one that is not. */
  int explainPasses() {
    return of(3, 2);
  }

  /** Images of one measurement of memory that is named by that size. */
  int peakImages(int nominal) {
    return nominal / of(1, 20);
  }

  int zoomForks() {
    return of(2, 1);
  }

  /** Both the warm ones and the measured ones. */
  int zoomIterations() {
    return of(5, 2);
  }

  int zoomMilliseconds() {
    return of(1_000, 500);
  }
}
