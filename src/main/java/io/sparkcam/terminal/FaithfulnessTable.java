package io.sparkcam.terminal;

import io.sparkcam.aggregate.RunAggregates;
import io.sparkcam.text.PlainTable;
import java.util.List;
import java.util.Locale;

/** How faithful the maps are, beside their controls, as a table for the terminal. */
public final class FaithfulnessTable {
  private FaithfulnessTable() {}

  /** A line for each map, each ended. */
  public static String text(List<RunAggregates.OfMap> maps) {
    String[][] cells = new String[maps.size() + 1][];
    cells[0] =
        new String[] {
          "map",
          "images",
          "average_drop",
          "increase",
          "sampled",
          "insertion_auc",
          "deletion_auc",
          "road_auc"
        };
    for (int i = 0; i < maps.size(); i++) {
      RunAggregates.OfMap map = maps.get(i);
      cells[i + 1] =
          new String[] {
            map.map(),
            count(map.images()),
            share(map.averageDrop()),
            share(map.increase()),
            count(map.sampled()),
            share(map.insertionArea()),
            share(map.deletionArea()),
            share(map.roadArea())
          };
    }
    return PlainTable.aligned(cells);
  }

  /** A line for each ranking of cells, each ended. */
  public static String cells(List<RunAggregates.OfRanking> rankings) {
    String[][] cells = new String[rankings.size() + 1][];
    cells[0] = new String[] {"cells by", "images", "insertion_auc", "deletion_auc"};
    for (int i = 0; i < rankings.size(); i++) {
      RunAggregates.OfRanking ranking = rankings.get(i);
      cells[i + 1] =
          new String[] {
            ranking.ranking(),
            count(ranking.images()),
            share(ranking.insertionArea()),
            share(ranking.deletionArea())
          };
    }
    return PlainTable.aligned(cells);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String share(double share) {
    return String.format(Locale.ROOT, "%.4f", share);
  }
}
