-- How much of each map lies in its box?
-- Energy is the sum of the positive values of cam (the measure of the energy-based pointing game,
-- Wang et al., "Score-CAM", 2020); share_in_box is the part of it on pixels of the box, 0 to 1. The
-- box is the table's: it is drawn where the network saw the evidence, while cam is stretched to the
-- image's corners as scipy.ndimage.zoom does it. Shares are null without a box or without energy.
-- To measure another box, put its four numbers in place of the columns.
-- Columns: id, label, predicted, probability, energy, share_in_box
SELECT id, label, predicted, probability, sum(greatest(value, 0)) AS energy,
  CASE WHEN box_x0 IS NOT NULL THEN
    sum(CASE WHEN y >= box_y0 AND y < box_y1 AND x >= box_x0 AND x < box_x1
        THEN greatest(value, 0) ELSE 0 END)
    / nullif(sum(greatest(value, 0)), 0)
  END AS share_in_box
FROM pixels
GROUP BY id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1
ORDER BY id;
