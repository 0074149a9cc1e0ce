package io.sparkcam.bench;

/**
 * Where a training of the study stood after an epoch.
 *
 * @param recipe as the command names it
 * @param epochs of the whole training
 * @param epoch from 1
 * @param seconds of processor time in training since its beginning, of all workers together
 * @param accuracy on the images held out, 0 to 1
 */
record StudyPoint(
    String recipe, int workers, long seed, int epochs, int epoch, double seconds, double accuracy) {

  /** Of the same training. */
  boolean isOf(Study.Case training) {
    return recipe.equals(training.recipe())
        && workers == training.workers()
        && seed == training.seed()
        && epochs == training.epochs();
  }
}
