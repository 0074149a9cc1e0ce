package io.sparkcam.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The layers of a {@link GapCnn} as a table for people: names, output shapes, parameters, and the
 * three layers that CAM needs.
 */
public final class ModelSummary {
  private record Row(String name, String kind, String shape, long parameters) {}

  private ModelSummary() {}

  /** The table, a line a layer. */
  public static String of(GapCnn model) {
    Trunk trunk = model.trunk();
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("input", "Input", shape(trunk.height(), trunk.width(), trunk.channels()), 0));
    for (int i = 0; i < trunk.stages().size(); i++) {
      Trunk.Stage stage = trunk.stages().get(i);
      int rowsOut = trunk.rowsInto(i);
      int columnsOut = trunk.columnsInto(i);
      String kind = "Conv2D %sx%s, ReLU".formatted(stage.kernel(), stage.kernel());
      rows.add(
          new Row(
              "conv" + (i + 1),
              kind,
              shape(rowsOut, columnsOut, stage.filters()),
              stage.filters() + trunk.weightCount(i)));
      if (stage.pooled()) {
        rows.add(
            new Row(
                "pool" + (i + 1),
                "MaxPooling 2x2",
                shape(rowsOut / 2, columnsOut / 2, stage.filters()),
                0));
      }
    }
    int channels = trunk.featureChannels();
    rows.add(new Row("gap", "GlobalAveragePooling", "(" + channels + ")", 0));
    rows.add(
        new Row(
            "dense", "Dense, softmax", "(" + model.classes() + ")", model.head().parameterCount()));

    StringBuilder text = new StringBuilder(line("layer", "type", "output", "parameters"));
    for (Row row : rows) {
      text.append(
          line(
              row.name(),
              row.kind(),
              row.shape(),
              String.format(Locale.ROOT, "%,d", row.parameters())));
    }
    String last = "conv" + trunk.stages().size();
    return text
        + String.format(Locale.ROOT, "parameters: %,d%n", model.parameterCount())
        + String.format(
            Locale.ROOT,
            "for CAM: %s, features %s; gap; dense, weights (%d, %d)%n",
            last,
            shape(trunk.featureRows(), trunk.featureColumns(), channels),
            channels,
            model.classes());
  }

  private static String shape(int rows, int columns, int channels) {
    return "(" + rows + ", " + columns + ", " + channels + ")";
  }

  private static String line(String name, String kind, String shape, String parameters) {
    return String.format(Locale.ROOT, "%-8s%-24s%-16s%12s%n", name, kind, shape, parameters);
  }
}
