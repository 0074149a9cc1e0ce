package io.sparkcam.view;

import io.sparkcam.aggregate.RunAggregates;
import io.sparkcam.config.Settings;
import io.sparkcam.config.UsageException;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.table.ExplainedRow;
import io.sparkcam.text.Console;
import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.ContactSheet;
import io.sparkcam.view.picture.ExplainedImage;
import io.sparkcam.view.picture.HeatmapOverlay;
import io.sparkcam.view.picture.ImagePixels;
import io.sparkcam.view.picture.LabelledOverlay;
import io.sparkcam.view.picture.Picture;
import io.sparkcam.view.picture.PlainImage;
import io.sparkcam.view.picture.PredictionLine;
import io.sparkcam.view.picture.TextRendering;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Shows what a published run says of its images: lines, then a picture or text. */
public final class RunViewer {
  private final PublishedRun run;
  private final Settings settings;
  private final ViewOptions look;
  private final Console console;
  private final HeatmapOverlay overlay;

  public RunViewer(PublishedRun run, Settings settings, ViewOptions look, Console console) {
    this.run = run;
    this.settings = settings;
    this.look = look;
    this.console = console;
    this.overlay = HeatmapOverlay.byConfidence().tinted(look.tint());
  }

  /** The prediction of an image and the map of the predicted class. */
  public void cam(int index) throws IOException {
    run.requireImage(index);
    OutputFile file = run.pictureFile(look.file(), "cam-" + index);
    ExplainedRow row = row(index);
    cam(row, row.predicted(), ClassMap.NONE, file);
  }

  /** The prediction of an image and the map of any class. */
  public void cam(int index, int shownClass) throws IOException {
    run.requireImage(index);
    run.requireClass(shownClass);
    OutputFile file = run.pictureFile(look.file(), "cam-" + index + "-class-" + shownClass);
    cam(row(index), shownClass, ClassMap.NONE, file);
  }

  /** The prediction of an image, and the map of a class less that of another. */
  public void contrast(int index, int shownClass, int against) throws IOException {
    run.requireImage(index);
    run.requireClass(shownClass);
    if (against >= run.shape().classes() || against == shownClass) {
      throw new UsageException(
          "%s %s: expected a class from 0 to %s other than %s"
              .formatted(ViewOptions.AGAINST, against, run.shape().classes() - 1, shownClass));
    }
    OutputFile file =
        run.pictureFile(look.file(), "cam-" + index + "-class-" + shownClass + "-not-" + against);
    cam(row(index), shownClass, against, file);
  }

  private void cam(ExplainedRow row, int shownClass, int against, OutputFile file)
      throws IOException {
    try (TestImages images = images(row.id())) {
      ZoomedMaps maps = new ZoomedMaps(run, look);
      ExplainedImage explained = maps.explained(row, shownClass, against, images.pixels(row.id()));
      tell(explained, images.classNames());
      if (against != ClassMap.NONE) {
        tellDifference(maps.low(row, shownClass, against), shownClass, against);
      }
      if (look.format() == ViewOptions.Format.PNG) {
        leave(new LabelledOverlay(overlay, images.classNames()::of).draw(explained), file);
      }
    }
  }

  /** The mean of the map of a difference and the biases are the difference of the logits. */
  private void tellDifference(float[] low, int shownClass, int against) throws IOException {
    if (!run.shape().method().method().addsUp()) {
      return;
    }
    List<RunAggregates.OfBias> biases = RunAggregates.biases(run.directory(), run.configuration());
    double maps = 0;
    for (float cell : low) {
      maps += (double) cell / low.length;
    }
    double bias = (double) biases.get(shownClass).bias() - biases.get(against).bias();
    console
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "Logit of %d less that of %d = %.6f: maps %.6f, biases %.6f",
                shownClass,
                against,
                maps + bias,
                maps,
                bias));
  }

  /** The first images predicted as the class, with its maps. */
  public void maps(int predictedClass, int count) throws IOException {
    run.requireClass(predictedClass);
    OutputFile file = run.pictureFile(look.file(), "maps-" + predictedClass);
    Set<Long> ids = run.table().firstPredicted(predictedClass, count);
    if (ids.isEmpty()) {
      throw new IOException(run.directory() + ": no image is predicted as " + predictedClass);
    }
    if (ids.size() < count) {
      console
          .err()
          .printf(
              "%s: only %s of %s images are predicted as %s%n",
              run.directory(), ids.size(), run.entry().rows(), predictedClass);
    }
    ZoomedMaps maps = new ZoomedMaps(run, look);
    try (TestImages images = images(Collections.max(ids))) {
      List<ExplainedImage> found = new ArrayList<>();
      for (ExplainedRow row : run.table().rows(ids)) {
        found.add(maps.explained(row, predictedClass, images.pixels(row.id())));
      }
      found.forEach(explained -> tell(explained, images.classNames()));
      if (look.format() == ViewOptions.Format.PNG) {
        leave(sheet(found, predictedClass, images.classNames()), file);
      }
    }
  }

  private Picture sheet(List<ExplainedImage> found, int predictedClass, ClassNames names) {
    String title = "The first " + found.size() + " predicted as " + names.of(predictedClass);
    return new ContactSheet(title, overlay, names::of).draw(found);
  }

  /** An image and its true class. */
  public void image(int index) throws IOException {
    run.requireImage(index);
    OutputFile file = run.pictureFile(look.file(), "image-" + index);
    try (TestImages images = images(index)) {
      ImagePixels pixels = images.pixels(index);
      int label = images.label(index);
      String known =
          label == ImageBlock.UNKNOWN
              ? "Class unknown"
              : "Class = " + label + ", " + images.classNames().of(label);
      console.out().println(known);
      if (look.format() == ViewOptions.Format.TEXT) {
        console.out().print(text().render(pixels, overlay));
      } else {
        String caption = "image " + index + ": " + known;
        leave(PlainImage.standard().captioned(pixels, caption), file);
      }
    }
  }

  private ExplainedRow row(int index) throws IOException {
    return run.table().rows(Set.of((long) index)).get(0);
  }

  private TestImages images(long last) throws IOException {
    if (last < 0 || last >= run.entry().rows() || last == Integer.MAX_VALUE) {
      throw new IOException(
          "%s: image %s, expected 0 to %s"
              .formatted(run.directory(), last, run.entry().rows() - 1));
    }
    return TestImages.of(run, settings, (int) last + 1);
  }

  private void tell(ExplainedImage explained, ClassNames names) {
    console.out().println(PredictionLine.of(explained.predicted(), explained.probability()));
    if (look.format() == ViewOptions.Format.TEXT) {
      console.out().print(text().render(explained, overlay));
      console.out().print(text().caption(explained, overlay, names::of));
    }
  }

  private TextRendering text() {
    return console.columns() > 0 ? TextRendering.TRUECOLOR : TextRendering.ASCII;
  }

  private void leave(Picture picture, OutputFile file) throws IOException {
    file.write(picture.png());
    console.out().println(file.path());
  }
}
