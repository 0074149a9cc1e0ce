package io.sparkcam.view;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.sparkcam.cam.Box;
import io.sparkcam.cam.BoxFinder;
import io.sparkcam.cam.Peak;
import io.sparkcam.cam.Zoom;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.table.ExplainedRow;
import io.sparkcam.table.RowCursor;
import io.sparkcam.table.RowReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How well maps find things whose boxes are known: of each image with boxes the map of its class,
 * aligned with what the network saw (of the predicted class where the true one is unknown).
 *
 * <ul>
 *   <li>Pointing game (J. Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV
 *       2016), without tolerance: share of the images whose strongest pixel is in a box.
 *   <li>MaxBoxAccV2 (J. Choe et al., "Evaluating Weakly Supervised Object Localization Methods
 *       Right", CVPR 2020): share of the images where the box of a component of the pixels above a
 *       threshold has an intersection over union with a box of at least 0.3, 0.5, 0.7, at the best
 *       of {@value #THRESHOLDS} thresholds between the map's least and greatest value; the mean of
 *       the three.
 * </ul>
 */
public final class Localisation {
  private static final int THRESHOLDS = 100;
  private static final double[] OVERLAPS = {0.3, 0.5, 0.7};
  private static final List<String> SIDES = List.of("x0", "y0", "x1", "y1");

  private final PublishedRun run;
  private final ExplanationShape shape;
  private final Zoom zoom;
  private final BoxFinder finder;
  private final long[][] right = new long[OVERLAPS.length][THRESHOLDS];
  private long images;
  private long pointed;

  /** Measures the maps of a run. */
  public Localisation(PublishedRun run) throws IOException {
    this.run = run;
    this.shape = run.shape();
    this.zoom =
        Explainer.alignedZoom(run.model().network())
            .orElseThrow(
                () ->
                    new IOException(
                        run.directory() + ": its model's cells look at several places"));
    this.finder = new BoxFinder(shape.height(), shape.width());
  }

  /**
   * Measures against a table (CSV) with a heading: {@code id} or {@code source}, then {@code x0},
   * {@code y0}, {@code x1}, {@code y1} in the pixels that the network saw, the last two exclusive.
   * A line a box.
   *
   * @return the figures, a line each
   */
  public List<String> measure(Path file) throws IOException {
    Map<String, List<Box>> boxes = new HashMap<>();
    boolean bySource = read(file, boxes);
    long given = boxes.size();
    List<org.apache.hadoop.fs.Path> sources = run.sources();
    if (bySource && sources.isEmpty()) {
      throw new IOException(
          file + ": names sources, and " + run.directory() + " has none: name images by id");
    }
    try (RowCursor<ExplainedRow> rows = run.table().cursor();
        RowCursor<String> names =
            new RowCursor<>(
                sources, run.configuration(), (RowReader row) -> row.string("source"), "source")) {
      for (Optional<ExplainedRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        String name = bySource ? names.next().orElse("") : Long.toString(row.get().id());
        List<Box> of = boxes.remove(name);
        if (of != null) {
          add(row.get(), of);
        }
      }
    }
    if (!boxes.isEmpty()) {
      throw new IOException(
          "%s: %s of %s images are not in %s, such as %s"
              .formatted(
                  file, boxes.size(), given, run.directory(), boxes.keySet().iterator().next()));
    }
    return lines();
  }

  private boolean read(Path file, Map<String, List<Box>> boxes) throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setHeaderExtractionEnabled(false);
    CsvParser parser = new CsvParser(settings);
    long line = 1;
    try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      parser.beginParsing(in);
      String[] heading = parser.parseNext();
      List<String> names = heading == null ? List.of() : Arrays.asList(heading);
      boolean bySource = names.contains("source");
      int image = names.indexOf(bySource ? "source" : "id");
      if (image < 0 || !names.containsAll(SIDES)) {
        throw new IOException(
            file + ": columns " + names + ", expected id or source, and x0, y0, x1, y1");
      }
      for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
        line++;
        if (row.length != names.size()) {
          throw new IllegalArgumentException(
              row.length + " values, expected " + names.size() + " as in the heading");
        }
        int[] sides = new int[4];
        for (int i = 0; i < 4; i++) {
          sides[i] = Integer.parseInt(row[names.indexOf(SIDES.get(i))]);
        }
        Box box = new Box(sides[0], sides[1], sides[2], sides[3]);
        if (box.x1() > shape.width() || box.y1() > shape.height()) {
          throw new IllegalArgumentException(
              box + ", expected one inside " + shape.width() + " x " + shape.height());
        }
        boxes.computeIfAbsent(row[image], made -> new ArrayList<>()).add(box);
      }
      return bySource;
    } catch (IllegalArgumentException | TextParsingException e) {
      throw new IOException(file + ": box " + (line - 1) + ": " + e.getMessage(), e);
    }
  }

  private void add(ExplainedRow row, List<Box> boxes) {
    float[] map = new float[shape.pixels()];
    int of = row.label() < 0 ? row.predicted() : row.label();
    zoom.zoom(row.camLow(), of * shape.cells(), map, 0);
    images++;
    if (Float.isNaN(map[0])) {
      return; // not one of the likeliest classes, which alone have maps: a miss
    }
    Peak peak = Peak.of(map, 0, shape.height(), shape.width());
    Box pixel = new Box(peak.x(), peak.y(), peak.x() + 1, peak.y() + 1);
    pointed += boxes.stream().anyMatch(box -> box.iou(pixel) > 0) ? 1 : 0;
    float least = map[0];
    float greatest = map[0];
    for (float value : map) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    for (int i = 0; i < THRESHOLDS; i++) {
      double threshold = least + (greatest - (double) least) * i / THRESHOLDS;
      double overlap = 0;
      for (Box found : finder.all(map, 0, threshold)) {
        for (Box box : boxes) {
          overlap = Math.max(overlap, found.iou(box));
        }
      }
      for (int k = 0; k < OVERLAPS.length; k++) {
        right[k][i] += overlap >= OVERLAPS[k] ? 1 : 0;
      }
    }
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "images with boxes: %,d", images));
    lines.add("pointing game: " + share(pointed));
    double sum = 0;
    for (int k = 0; k < OVERLAPS.length; k++) {
      int best = 0;
      for (int i = 1; i < THRESHOLDS; i++) {
        best = right[k][i] > right[k][best] ? i : best;
      }
      sum += (double) right[k][best] / images;
      lines.add(
          "overlap %s: %s at threshold %s"
              .formatted(OVERLAPS[k], share(right[k][best]), best / (double) THRESHOLDS));
    }
    lines.add(
        String.format(Locale.ROOT, "MaxBoxAccV2: %.4f", images == 0 ? 0 : sum / OVERLAPS.length));
    return lines;
  }

  private String share(long part) {
    return String.format(Locale.ROOT, "%.4f", images == 0 ? 0 : (double) part / images);
  }
}
