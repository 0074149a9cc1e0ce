package io.sparkcam.explain;

import io.sparkcam.cam.ControlMap;
import io.sparkcam.cam.InsertionDeletionCurve;
import io.sparkcam.network.CamNetwork;

/**
 * Measures what cells do for the prediction, out of the maps of a batch alone. Belongs to one
 * thread at a time.
 */
public final class CellMeter {
  private static final int RANKINGS = CellRanking.values().length;

  private final ExplanationShape shape;
  private final FaithfulnessPlan plan;
  private final CellCoalitions coalitions;
  private final CellGroups groups;
  private final float[] centred;

  /**
   * Measures what the plan asks for.
   *
   * @param parameters flattened in DL4J's order
   */
  public CellMeter(CamNetwork model, float[] parameters, FaithfulnessPlan plan) {
    this.shape = ExplanationShape.of(model);
    this.plan = plan;
    this.coalitions = new CellCoalitions(shape, model.headKind(), model.denseBias(parameters));
    this.groups = coalitions.groups();
    this.centred = ControlMap.centred(groups.rows(), groups.columns());
  }

  /** Measures the rows of a batch. */
  public void measure(ExplanationBatch batch) {
    for (int row = 0; row < batch.count(); row++) {
      int predicted = batch.predicted()[row];
      coalitions.load(batch.camLow(), row * shape.maps(), predicted);
      coalitions.shapley(batch.shapley(), row * groups.count());
      if (plan.columns().contains(OptionalColumns.SHAPLEY)) {
        batch.sufficientCells()[row] = coalitions.sufficient();
        batch.decidingCells()[row] = coalitions.deciding();
      }
      if (plan.columns().contains(OptionalColumns.CELL_FAITHFULNESS)) {
        rank(batch, row);
      }
    }
  }

  private void rank(ExplanationBatch batch, int row) {
    float[] map = new float[groups.count()];
    int from = row * shape.maps() + batch.predicted()[row] * shape.cells();
    for (int cell = 0; cell < shape.cells(); cell++) {
      map[groups.group(cell)] += batch.camLow()[from + cell];
    }
    for (CellRanking ranking : CellRanking.values()) {
      int[] order =
          switch (ranking) {
            case CAM -> ranking(map, 0);
            case SHAPLEY -> ranking(batch.shapley(), row * groups.count());
            case RANDOM -> ranking(ControlMap.shuffled(map, plan.seed(), batch.ids()[row]), 0);
            case CENTRED -> ranking(centred, 0);
          };
      float[] insertion = new float[order.length + 1];
      float[] deletion = new float[order.length + 1];
      int all = (1 << order.length) - 1;
      int changed = 0;
      for (int point = 0; point <= order.length; point++) {
        insertion[point] = (float) coalitions.probability(changed);
        deletion[point] = (float) coalitions.probability(all ^ changed);
        changed |= point < order.length ? 1 << order[point] : 0;
      }
      int place = row * RANKINGS + ranking.place();
      batch.cellInsertionAreas()[place] = InsertionDeletionCurve.area(insertion);
      batch.cellDeletionAreas()[place] = InsertionDeletionCurve.area(deletion);
    }
  }

  private int[] ranking(float[] map, int offset) {
    return InsertionDeletionCurve.ranking(map, offset, groups.count());
  }
}
