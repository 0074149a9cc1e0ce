package io.sparkcam.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Accuracy by epochs and by processor time, as SVG: a line a recipe, length and number of workers,
 * through the medians of the seeds; one worker, the sequential reference, in black.
 */
final class StudyChart {
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442");
  private static final double LOWEST = 0.80;
  private static final double HIGHEST = 0.94;
  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;
  private static final int LINE = 16;

  /** The middle of the seeds after an epoch. */
  private record Median(int epoch, double seconds, double accuracy) {}

  private StudyChart() {}

  static void write(List<StudyPoint> points, Path file) throws IOException {
    Map<String, List<StudyPoint>> lines =
        points.stream()
            .collect(
                Collectors.groupingBy(
                    point ->
                        "%2d %s, %s, %d epochs"
                            .formatted(
                                point.workers(),
                                point.workers() == 1 ? "worker" : "workers",
                                point.recipe(),
                                point.epochs()),
                    TreeMap::new,
                    Collectors.toList()));
    int height = HEIGHT + 60 + LINE * lines.size();
    StringBuilder svg = new StringBuilder();
    svg.append(
        text(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
                + " font-size='12'><rect width='100%%' height='100%%' fill='white'/>\n",
            2 * WIDTH + 120, height));
    double most = points.stream().mapToDouble(StudyPoint::seconds).max().orElse(1);
    int longest = points.stream().mapToInt(StudyPoint::epoch).max().orElse(1);
    panel(svg, 40, "epochs", longest, lines, Median::epoch);
    panel(svg, 80 + WIDTH, "seconds of processor time", most, lines, Median::seconds);
    int row = 0;
    for (String name : lines.keySet()) {
      svg.append(
          text(
              "<text x='40' y='%d' fill='%s'>%s</text>\n",
              HEIGHT + 60 + LINE * row, colour(name, row), name.strip()));
      row++;
    }
    Files.writeString(file, svg.append("</svg>\n"));
  }

  private static String colour(String name, int row) {
    return name.startsWith(" 1 ") ? "black" : COLOURS.get(row % COLOURS.size());
  }

  private static void panel(
      StringBuilder svg,
      int left,
      String across,
      double most,
      Map<String, List<StudyPoint>> lines,
      ToDoubleFunction<Median> x) {
    svg.append(
        text(
            "<text x='%d' y='%d'>validation accuracy by %s (to %.0f)</text>\n",
            left, HEIGHT + 36, across, most));
    for (int percent = (int) Math.round(100 * LOWEST); percent <= 100 * HIGHEST; percent += 2) {
      double y = y(percent / 100.0);
      svg.append(
          text(
              "<path d='M%d %.1fh%d' stroke='#ddd'/><text x='%d' y='%.1f'>%d%%</text>\n",
              left, y, WIDTH, left - 32, y + 4, percent));
    }
    int row = 0;
    for (Map.Entry<String, List<StudyPoint>> line : lines.entrySet()) {
      String drawn =
          medians(line.getValue()).stream()
              .map(
                  median ->
                      text(
                          "%.1f,%.1f",
                          left + WIDTH * x.applyAsDouble(median) / most, y(median.accuracy)))
              .collect(Collectors.joining(" "));
      svg.append(
          text(
              "<polyline points='%s' fill='none' stroke='%s' stroke-width='1.5'/>\n",
              drawn, colour(line.getKey(), row)));
      row++;
    }
  }

  private static double y(double accuracy) {
    double share = (Math.max(LOWEST, accuracy) - LOWEST) / (HIGHEST - LOWEST);
    return 20 + HEIGHT * (1 - share);
  }

  private static List<Median> medians(List<StudyPoint> line) {
    List<Median> medians = new ArrayList<>();
    line.stream()
        .collect(Collectors.groupingBy(StudyPoint::epoch, TreeMap::new, Collectors.toList()))
        .forEach(
            (epoch, seeds) ->
                medians.add(
                    new Median(
                        epoch,
                        Figures.median(seeds.stream().map(StudyPoint::seconds).toList()),
                        Figures.median(seeds.stream().map(StudyPoint::accuracy).toList()))));
    return medians;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
