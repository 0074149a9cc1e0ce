package io.sparkcam.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cam.Zoom;
import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code localise} on random boxes, against plain loops over pixels. */
@SharedSpark
class LocaliseTest {
  private static final int SIDE = 28;

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int localise(Path run, String csv) throws Exception {
    Path file = directory.resolve("boxes.csv");
    Files.writeString(file, csv);
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), 0);
    return SparkCam.of(SparkCommandActions::new, console)
        .execute("localise", run.toString(), "--boxes", file.toString(), "--data", ExtractRun.DATA);
  }

  @Test
  void figuresAreThoseOfPlainLoops(JavaSparkContext sc, SparkSession spark) throws Exception {
    Path run = ExtractRun.published(sc);
    List<Row> rows =
        spark
            .read()
            .parquet(run.resolve("explanations").toString())
            .orderBy("id")
            .selectExpr("slice(cam_low, label * 9 + 1, 9)")
            .limit(40)
            .collectAsList();
    Random random = new Random(3);
    StringBuilder csv = new StringBuilder("id,x0,y0,x1,y1\n");
    int pointed = 0;
    int[][] right = new int[3][100];
    for (int id = 0; id < 40; id++) {
      boolean[][] inside = new boolean[2][SIDE * SIDE];
      for (boolean[] box : inside) { // two boxes an image
        int x0 = random.nextInt(20);
        int y0 = random.nextInt(20);
        int x1 = x0 + 1 + random.nextInt(SIDE - x0);
        int y1 = y0 + 1 + random.nextInt(SIDE - y0);
        csv.append("%s,%s,%s,%s,%s%n".formatted(id, x0, y0, x1, y1));
        for (int i = 0; i < box.length; i++) {
          box[i] = i % SIDE >= x0 && i % SIDE < x1 && i / SIDE >= y0 && i / SIDE < y1;
        }
      }
      double[] low = rows.get(id).<Float>getList(0).stream().mapToDouble(v -> v).toArray();
      double[] map = Zoom.receptiveFieldAligned(3, 3, SIDE, SIDE, 3.5, 8).zoom(low);
      double most = Arrays.stream(map).max().orElseThrow();
      double least = Arrays.stream(map).min().orElseThrow();
      // Beyond the outermost cells the map is level, where rounding decides: a corner's plateau is
      // in a box as a whole, or the test says so.
      pointed += pointed(map, most, inside) ? 1 : 0;
      for (int i = 0; i < 100; i++) {
        double best = best(map, least + (most - least) * i / 100, inside);
        for (int k = 0; k < 3; k++) {
          right[k][i] += best >= 0.3 + 0.2 * k - 1e-12 ? 1 : 0;
        }
      }
    }
    assertEquals(0, localise(run, csv.toString()), err::toString);
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      sum += Arrays.stream(right[k]).max().orElseThrow() / 40.0;
      assertTrue(
          out.toString()
              .contains(
                  String.format(
                      Locale.ROOT,
                      "overlap 0.%d: %.4f at",
                      3 + 2 * k,
                      Arrays.stream(right[k]).max().orElseThrow() / 40.0)),
          out::toString);
    }
    assertTrue(
        out.toString().contains(String.format(Locale.ROOT, "MaxBoxAccV2: %.4f", sum / 3)),
        out::toString);
    assertTrue(
        out.toString().contains(String.format(Locale.ROOT, "pointing game: %.4f", pointed / 40.0)),
        out::toString);
  }

  /** Of the strongest pixels the one nearest to the middle, the first of several. */
  private static boolean pointed(double[] map, double most, boolean[]... boxes) {
    int peak = -1;
    for (int i = 0; i < map.length; i++) {
      if (map[i] > most - 1e-5 && (peak < 0 || middle(i) < middle(peak))) {
        peak = i;
      }
    }
    return boxes[0][peak] || boxes[1][peak];
  }

  private static double middle(int pixel) {
    int row = pixel / SIDE;
    return Math.hypot(pixel % SIDE - 13.5, row - 13.5);
  }

  /** The best overlap of a component's bounding box and a box, by labels that spread. */
  private static double best(double[] map, double threshold, boolean[]... boxes) {
    int[] labels = new int[map.length];
    for (int i = 0; i < map.length; i++) {
      labels[i] = map[i] > threshold + 1e-6 ? i + 1 : 0;
    }
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int i = 0; i < map.length; i++) {
        for (int k = 0; k < 9 && labels[i] > 0; k++) {
          int x = i % SIDE + k % 3 - 1;
          int y = i / SIDE + k / 3 - 1;
          if (x >= 0 && x < SIDE && y >= 0 && y < SIDE && labels[y * SIDE + x] > labels[i]) {
            labels[i] = labels[y * SIDE + x];
            changed = true;
          }
        }
      }
    }
    double best = 0;
    for (int label : Arrays.stream(labels).filter(found -> found > 0).distinct().toArray()) {
      int[] x = new int[] {SIDE, -1};
      int[] y = new int[] {SIDE, -1};
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == label) {
          x = new int[] {Math.min(x[0], i % SIDE), Math.max(x[1], i % SIDE)};
          y = new int[] {Math.min(y[0], i / SIDE), Math.max(y[1], i / SIDE)};
        }
      }
      for (boolean[] box : boxes) {
        int both = 0;
        int either = 0;
        for (int i = 0; i < box.length; i++) {
          boolean in = i % SIDE >= x[0] && i % SIDE <= x[1] && i / SIDE >= y[0] && i / SIDE <= y[1];
          both += in && box[i] ? 1 : 0;
          either += in || box[i] ? 1 : 0;
        }
        best = Math.max(best, (double) both / either);
      }
    }
    return best;
  }

  @Test
  void boxesThatCannotBeAreRefused(JavaSparkContext sc) throws Exception {
    Path run = ExtractRun.published(sc);
    Path file = directory.resolve("boxes.csv");
    for (var wrong :
        List.of(
            List.of("id,x0,y0,x1\n", ": columns [id, x0, y0, x1], expected id or source, and x0,"),
            List.of("id,x0,y0,x1,y1\n0,1,1,3\n", ": box 1: 4 values, expected 5 as in the heading"),
            List.of("id,x0,y0,x1,y1\n0,1,1,30,3\n", ": box 1: Box[x0=1, y0=1, x1=30, y1=3], exp"),
            List.of("id,x0,y0,x1,y1\n900,1,1,2,3\n", ": 1 of 1 images are not in "),
            List.of("source,x0,y0,x1,y1\na,1,1,2,3\n", ": names sources, and "))) {
      err.getBuffer().setLength(0);
      assertEquals(1, localise(run, wrong.get(0)));
      assertTrue(err.toString().contains(file + wrong.get(1)), err::toString);
    }
  }
}
