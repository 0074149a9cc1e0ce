package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cam.Box;
import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.network.GapCnn;
import io.sparkcam.testing.ShapeImages;
import io.sparkcam.testing.ShapeImages.Drawn;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole of it on pictures where it is known what the maps should point at: a folder of RGB
 * files is trained on, explained, and what the table says is compared with where the shapes are.
 */
@Tag("localisation")
@SharedSpark
class LocalisationTest {
  private static final int SIDE = ShapeImages.SIDE;
  private static final GapCnn MODEL = GapCnn.lab(SIDE, SIDE, 3, ShapeImages.CLASSES.size());
  private static final int STRIDE = (int) MODEL.cellGrid().orElseThrow().rows().stride();

  /** What the table says of one picture. */
  private record Found(Drawn drawn, int cell, Box box, boolean right) {}

  @TempDir Path directory;
  private final SparkSession spark;

  LocalisationTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void mapsAndBoxesLieOnTheShapes() throws IOException {
    new ShapeImages(1).write(directory.resolve("data/train"), 5400);
    List<Drawn> drawn = new ShapeImages(2).write(directory.resolve("data/test"), 600);
    StringWriter err = new StringWriter();
    Console console =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(err, true), 0);
    String[] run = {
      "run",
      "--data",
      directory.resolve("data").toString(),
      "--output",
      directory.toString(),
      "--run-id",
      "shapes",
      "--workers",
      "2",
      "--batch-size",
      "4",
      "--averaging-frequency",
      "32",
      "--epochs",
      "8",
      "--learning-rate",
      "0.002"
    };
    assertEquals(0, SparkCam.of(SparkCommandActions::new, console).execute(run), err::toString);

    List<Found> all = found(drawn);
    // What would be known of a shape without looking: that it is in the picture, about so large.
    double side =
        drawn.stream().mapToInt(one -> one.box().x1() - one.box().x0()).average().orElseThrow();
    int from = (int) Math.round((SIDE - side) / 2);
    Box middle = new Box(from, from, SIDE - from, SIDE - from);
    int middleCell =
        (MODEL.featureRows() / 2) * MODEL.featureColumns() + MODEL.featureColumns() / 2;
    double cells = share(all, one -> on(one.drawn, one.cell));
    double boxes = share(all, one -> overlap(one.drawn.box(), one.box) > 0.5);
    double centredCells = share(all, one -> on(one.drawn, middleCell));
    double centredBoxes = share(all, one -> overlap(one.drawn.box(), middle) > 0.5);
    String result =
        String.format(
            Locale.ROOT,
            "accuracy %.3f; strongest cell on the shape %.3f (middle cell %.3f); box above 0.5 IoU"
                + " %.3f (centred box %.3f)",
            share(all, Found::right),
            cells,
            centredCells,
            boxes,
            centredBoxes);
    System.out.println(result);
    assertTrue(cells >= 0.95, result);
    assertTrue(boxes >= 0.6, result);
    assertTrue(boxes >= 2 * centredBoxes, result);
  }

  private List<Found> found(List<Drawn> drawn) {
    Map<String, Drawn> bySource = new HashMap<>();
    drawn.forEach(one -> bySource.put("test/" + one.name(), one));
    List<Row> rows =
        spark
            .sql(
                """
                SELECT source, cam_low, predicted, e.label, box_x0, box_y0, box_x1, box_y1
                FROM parquet.`%1$s/explanations` e JOIN parquet.`%1$s/sources` s
                ON s.part = 'test' AND s.id = e.id ORDER BY e.id
                """
                    .formatted(directory.resolve("shapes")))
            .collectAsList();
    List<Found> all = new ArrayList<>();
    for (Row row : rows) {
      Drawn one = bySource.get(row.getString(0));
      if (one != null) {
        int predicted = row.getInt(2);
        Box box =
            row.isNullAt(4)
                ? new Box(0, 0, 1, 1)
                : new Box(row.getInt(4), row.getInt(5), row.getInt(6), row.getInt(7));
        int cell = strongest(row.getList(1), predicted);
        all.add(new Found(one, cell, box, predicted == row.getInt(3)));
      }
    }
    assertEquals(drawn.size(), all.size());
    return all;
  }

  /** Of the map of that class: the cell, row-major, where it is greatest. */
  private static int strongest(List<Float> maps, int predicted) {
    int cells = MODEL.featureRows() * MODEL.featureColumns();
    int strongest = 0;
    for (int cell = 1; cell < cells; cell++) {
      if (maps.get(predicted * cells + cell) > maps.get(predicted * cells + strongest)) {
        strongest = cell;
      }
    }
    return strongest;
  }

  /** Whether a quarter or more of the pixels that a cell stands for belong to the shape. */
  private static boolean on(Drawn drawn, int cell) {
    int top = cell / MODEL.featureColumns() * STRIDE;
    int left = cell % MODEL.featureColumns() * STRIDE;
    int within = 0;
    for (int y = top; y < top + STRIDE; y++) {
      for (int x = left; x < left + STRIDE; x++) {
        within += drawn.pixels()[y * SIDE + x] ? 1 : 0;
      }
    }
    return 4 * within >= STRIDE * STRIDE;
  }

  /** Intersection over union. */
  private static double overlap(Box a, Box b) {
    int width = Math.min(a.x1(), b.x1()) - Math.max(a.x0(), b.x0());
    int height = Math.min(a.y1(), b.y1()) - Math.max(a.y0(), b.y0());
    double both = (double) Math.max(0, width) * Math.max(0, height);
    return both / (area(a) + area(b) - both);
  }

  private static double area(Box box) {
    return (double) (box.x1() - box.x0()) * (box.y1() - box.y0());
  }

  private static double share(List<Found> all, Predicate<Found> counted) {
    return (double) all.stream().filter(counted).count() / all.size();
  }
}
