-- Why this class and not the runner-up?
-- A row an image, the closest decisions first. The logit of the predicted class less that of the
-- class of the next largest logit is the mean difference of their maps plus that of their biases.
-- Strongest_cell (row-major, from 0) speaks most for the one and against the other; map_cell is the
-- strongest of the predicted class's own map, which may be another.
-- Columns: id, label, predicted, runner_up, logit_difference, map_difference, bias_difference,
--   strongest_cell, map_cell
WITH ranked AS (
  SELECT id, class, row_number() OVER (PARTITION BY id ORDER BY logit DESC, class) AS place
  FROM cells
  WHERE cell = 0 AND class <> predicted
), differences AS (
  SELECT a.id, a.label, a.predicted, r.class AS runner_up, a.cell,
    CAST(a.logit AS DOUBLE) - b.logit AS logit_difference, a.value AS own,
    CAST(a.value AS DOUBLE) - b.value AS value
  FROM cells AS a
  JOIN ranked AS r ON r.id = a.id AND r.place = 1
  JOIN cells AS b ON b.id = a.id AND b.class = r.class AND b.cell = a.cell
  WHERE a.class = a.predicted
), strongest AS (
  SELECT *, max(value) OVER (PARTITION BY id) AS most, max(own) OVER (PARTITION BY id) AS own_most
  FROM differences
)
SELECT s.id, s.label, s.predicted, s.runner_up,
  max(s.logit_difference) AS logit_difference, avg(s.value) AS map_difference,
  max(CAST(p.bias AS DOUBLE) - q.bias) AS bias_difference,
  min(CASE WHEN s.value = s.most THEN s.cell END) AS strongest_cell,
  min(CASE WHEN s.own = s.own_most THEN s.cell END) AS map_cell
FROM strongest AS s
JOIN biases AS p ON p.class = s.predicted
JOIN biases AS q ON q.class = s.runner_up
GROUP BY s.id, s.label, s.predicted, s.runner_up
ORDER BY logit_difference, s.id;
