package io.sparkcam.view.html;

import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.ExplainedImage;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a report says of a run.
 *
 * @param origin what it was made from
 * @param classNames what to call each class
 * @param epochs in order; none when the model was given
 * @param testLoss mean cross-entropy in nats over the test images; NaN when it is not known
 * @param confusion of the images whose true class is known
 * @param mistakes the most confident first
 * @param doubtfulHits the least confident first
 * @param classes those that were predicted for an image, ascending
 * @param pairs confused ones to show, ascending by true class, then by prediction
 * @param audit of all rows
 * @param faithfulness of the maps, then of the controls; empty if it was not measured
 * @param rankings of cells by the maps, then by others; empty if they were not measured
 * @param reasons of the classes that have several, a class after the other; empty if they were not
 *     looked for
 * @param sanity random layers, and how alike the maps still are; empty if it was not looked at
 * @param removals maps, each with ascending shares of the pixels; empty if none were removed
 * @param sources names of the images shown, by id; empty where they have none
 */
public record RunReport(
    Origin origin,
    List<String> classNames,
    List<Epoch> epochs,
    double testLoss,
    ConfusionCounts confusion,
    List<Mistake> mistakes,
    List<ExplainedImage> doubtfulHits,
    List<OfClass> classes,
    List<OfPair> pairs,
    Audit audit,
    List<Faithfulness> faithfulness,
    List<CellRanking> rankings,
    List<OfReason> reasons,
    List<Fact> sanity,
    List<Removal> removals,
    Map<Long, String> sources) {

  /** Checks that names and counts are of the same classes and copies the lists. */
  public RunReport {
    classNames = List.copyOf(classNames);
    if (classNames.size() != confusion.classes()) {
      throw new IllegalArgumentException(
          classNames.size() + " class names, expected " + confusion.classes());
    }
    epochs = List.copyOf(epochs);
    mistakes = List.copyOf(mistakes);
    doubtfulHits = List.copyOf(doubtfulHits);
    classes = List.copyOf(classes);
    pairs = List.copyOf(pairs);
    faithfulness = List.copyOf(faithfulness);
    rankings = List.copyOf(rankings);
    reasons = List.copyOf(reasons);
    sanity = List.copyOf(sanity);
    removals = List.copyOf(removals);
    sources = Map.copyOf(sources);
  }

  /**
   * A line of what a run was made from.
   *
   * @param value as it was recorded; may be empty
   */
  public record Fact(String name, String value) {
    public Fact {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * What a run was made from.
   *
   * @param created when it was published; empty while it is being made
   * @param dataSet where images and labels came from
   * @param model what it looks like
   * @param inputs the files read, each with its SHA-256
   * @param outputs the files written, each with its SHA-256
   */
  public record Origin(
      String runId,
      String created,
      String dataSet,
      String model,
      List<Fact> settings,
      List<Fact> versions,
      List<Fact> inputs,
      List<Fact> outputs) {
    public Origin {
      Objects.requireNonNull(runId, "runId");
      Objects.requireNonNull(created, "created");
      Objects.requireNonNull(dataSet, "dataSet");
      Objects.requireNonNull(model, "model");
      settings = List.copyOf(settings);
      versions = List.copyOf(versions);
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * An image that another class was predicted for.
   *
   * @param image with the map of the class that was predicted
   * @param truth the map of its true class
   * @param shapley what each cell adds to the predicted class's probability; none if not known
   */
  public record Mistake(ExplainedImage image, ClassMap truth, List<ClassMap> shapley) {
    public Mistake {
      shapley = List.copyOf(shapley);
    }
  }

  /**
   * The images that a class was predicted for.
   *
   * @param mean of their maps
   * @param variance of their maps
   * @param examples the first of them
   */
  public record OfClass(
      int predicted, long images, ClassMap mean, ClassMap variance, List<ExplainedImage> examples) {
    public OfClass {
      examples = List.copyOf(examples);
    }
  }

  /**
   * The images of one class that another was predicted for.
   *
   * @param mean of their maps
   * @param hits the mean map of the images for which that class was rightly predicted, if any
   * @param examples the most confident of them
   */
  public record OfPair(
      int label,
      int predicted,
      long images,
      ClassMap mean,
      List<ClassMap> hits,
      List<ExplainedImage> examples) {
    public OfPair {
      hits = List.copyOf(hits);
      examples = List.copyOf(examples);
    }
  }

  /**
   * What every row was looked through for.
   *
   * @param images rows
   * @param notFinite rows with a number that is none
   * @param flat rows whose map has the same value everywhere
   * @param largestError of the audit, over the rows that have one; negative if none has
   * @param low of 98% of all values of all maps; NaN if there is none
   * @param high of the same
   */
  public record Audit(
      long images, long notFinite, long flat, double largestError, double low, double high) {}

  /**
   * How faithful one kind of map is, over all images.
   *
   * @param map what it is
   * @param averageDrop of the probability under the map, a share of it
   * @param increase share of images whose probability rises
   * @param sampled images that have curves
   * @param insertionArea mean area under them, 0 to 1
   * @param deletionArea mean area under them, 0 to 1
   * @param roadArea mean area under them, 0 to 1
   */
  public record Faithfulness(
      String map,
      double averageDrop,
      double increase,
      long sampled,
      double insertionArea,
      double deletionArea,
      double roadArea) {
    public Faithfulness {
      Objects.requireNonNull(map, "map");
    }
  }

  /**
   * How a network does that was trained without some of the pixels.
   *
   * @param map by which they were chosen
   * @param removed share of the pixels
   * @param accuracy of the test images without theirs
   */
  public record Removal(String map, double removed, double accuracy) {}

  /**
   * What insertion and deletion of cells gave by one ranking of them.
   *
   * @param ranking what it is
   * @param insertionArea mean area under the curves, 0 to 1
   * @param deletionArea mean area under the curves, 0 to 1
   */
  public record CellRanking(
      String ranking, long images, double insertionArea, double deletionArea) {}

  /**
   * Images that are predicted as one class for one reason.
   *
   * @param reason from 0, the largest group of the class first
   * @param ofClass images that are predicted as the class
   * @param hits how many of this group belong to the class; negative without labels
   * @param probability mean
   * @param mean of their maps
   * @param examples the most typical
   */
  public record OfReason(
      int predicted,
      int reason,
      long images,
      long ofClass,
      long hits,
      double probability,
      ClassMap mean,
      List<ExplainedImage> examples) {
    public OfReason {
      examples = List.copyOf(examples);
    }
  }

  String name(int number) {
    return classNames.get(number);
  }
}
