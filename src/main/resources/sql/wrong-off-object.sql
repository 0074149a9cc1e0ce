-- Which images are wrong, above 0.95, and for reasons beside the object?
-- The table has no pixels of the image, so the object is taken to be inside the box, which is where
-- the network saw most of its evidence; share_off_object is the part of the positive values of cam on
-- pixels outside it (1 - share_in_box of energy-in-box.sql). A map of few cells makes a large box, so
-- a tenth outside is much already. Images without a box are left out.
-- Columns: id, label, predicted, probability, share_off_object
WITH shares AS (
  SELECT id, label, predicted, probability,
    sum(CASE WHEN y >= box_y0 AND y < box_y1 AND x >= box_x0 AND x < box_x1
        THEN 0 ELSE greatest(value, 0) END)
    / nullif(sum(greatest(value, 0)), 0) AS share_off_object
  FROM pixels
  WHERE label <> predicted AND probability > 0.95 AND box_x0 IS NOT NULL
  GROUP BY id, label, predicted, probability
)
SELECT id, label, predicted, probability, share_off_object
FROM shares
WHERE share_off_object > 0.1
ORDER BY share_off_object DESC, id;
