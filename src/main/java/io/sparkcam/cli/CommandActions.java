package io.sparkcam.cli;

import io.sparkcam.config.Settings;
import io.sparkcam.job.ClusterPlan;
import io.sparkcam.text.Console;
import io.sparkcam.view.ViewOptions;

/**
 * What the commands do: one method a command. Making a pipeline starts nothing; each method starts
 * Spark if it needs it and has stopped it when it returns or throws.
 *
 * <p>The command line has checked the arguments. What a method throws ends the command with exit
 * code 1 and one line: see {@link ErrorMessage} for which message that is. A run is named by the
 * directory (or URI of one) it was published in.
 */
public interface CommandActions {
  /** Makes the pipeline for a command that has passed all checks. */
  @FunctionalInterface
  interface Factory {
    CommandActions on(Console console);
  }

  /** Trains, explains the test set and reports. */
  void run(Settings settings) throws Exception;

  /** Like run, and trains again without what the maps say matters, to see whether it does. */
  void roar(Settings settings) throws Exception;

  /** Trains, and writes the model, its history and checkpoints. */
  void train(Settings settings) throws Exception;

  /**
   * Writes the explanations of the test set.
   *
   * @param model file or URI of a saved model
   */
  void explain(Settings settings, String model) throws Exception;

  /**
   * Writes the report of a published run.
   *
   * @param file where it goes; empty: to a place of its own beside the run
   */
  void report(Settings settings, String run, String file) throws Exception;

  /**
   * Writes a page of all published runs of the output directory.
   *
   * @param file where it goes; empty: into that directory
   */
  void reportAll(Settings settings, String file) throws Exception;

  /** Prints the prediction of a test image and draws the map of the predicted class over it. */
  void showCam(Settings settings, String run, int index, ViewOptions look) throws Exception;

  /** Prints the prediction of a test image and draws the map of the shown class over it. */
  void showCam(Settings settings, String run, int index, int shownClass, ViewOptions look)
      throws Exception;

  /** Prints the prediction of a test image and draws the map of a class less that of another. */
  void showContrast(
      Settings settings, String run, int index, int shownClass, int against, ViewOptions look)
      throws Exception;

  /** Draws the first {@code count} test images predicted to be of the class, with their maps. */
  void showMaps(Settings settings, String run, int predictedClass, int count, ViewOptions look)
      throws Exception;

  /** Draws a test image as it is, and prints its class. */
  void showImage(Settings settings, String run, int index, ViewOptions look) throws Exception;

  /** Prints what training would take on a cluster. */
  void plan(Settings settings, ClusterPlan cluster) throws Exception;

  /** Prints the network: layers, shapes, parameters. */
  void summary(Settings settings) throws Exception;

  /**
   * Reads a published run again and checks it; throws when anything is wrong.
   *
   * @param key file of the public key whose owner must have signed it; empty: nobody must
   */
  void verify(Settings settings, String run, String key) throws Exception;

  /** Prints a statement for DuckDB that computes a test image's logits from its features. */
  void prove(Settings settings, String run, int index) throws Exception;

  /**
   * Writes which images two runs explain otherwise, as a table and a page.
   *
   * @param file where the page goes; empty: to a place of its own beside the first run
   */
  void diff(Settings settings, String run, String other, String file) throws Exception;

  /**
   * Prints how far a run is from a reference; throws when that is beyond the limit.
   *
   * @param limit in standard deviations of the reference
   */
  void drift(Settings settings, String run, String reference, double limit) throws Exception;

  /**
   * Prints how well the maps of a run find things.
   *
   * @param boxes file of where these are
   */
  void localise(Settings settings, String run, String boxes) throws Exception;

  /** Removes what dead runs left, and says what that was. */
  void clean(Settings settings, CleanCommand cleaning) throws Exception;

  /** Finds the images, downloading them if that is needed, and prints where they are. */
  void locateData(Settings settings) throws Exception;
}
