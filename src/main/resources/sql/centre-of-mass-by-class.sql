-- Where does the evidence for each class lie, and does it always lie there?
-- The mean over the images predicted as a class of the centre of mass of cam (as in
-- centre-of-mass.sql: positive values only, pixels from 0), and its (population) standard deviation
-- over them.
-- Columns: predicted, images, centre_y, centre_x, deviation_y, deviation_x
WITH centres AS (
  SELECT id, predicted,
    sum(y * greatest(value, 0)) / nullif(sum(greatest(value, 0)), 0) AS y,
    sum(x * greatest(value, 0)) / nullif(sum(greatest(value, 0)), 0) AS x
  FROM pixels
  GROUP BY id, predicted
)
SELECT predicted, count(*) AS images, avg(y) AS centre_y, avg(x) AS centre_x,
  stddev_pop(y) AS deviation_y, stddev_pop(x) AS deviation_x
FROM centres
GROUP BY predicted
ORDER BY predicted;
