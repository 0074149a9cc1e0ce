-- What did another run change?
-- A row an image that both runs have, those whose maps differ most first. Correlation is Pearson's,
-- of the two maps cam over the pixels; where predicted differs the two are maps of different
-- classes. Outcome, by the label: 'same', 'fixed' (the other run is right), 'broken' (it is wrong),
-- 'moved' (both are wrong, or the label is not known).
-- Columns: id, label, predicted, other_predicted, probability, other_probability, outcome,
--   correlation
WITH correlations AS (
  SELECT id, corr(value, other_value) AS correlation
  FROM pixel_pairs
  GROUP BY id
)
SELECT a.id, a.label, a.predicted, b.predicted AS other_predicted,
  a.probability, b.probability AS other_probability,
  CASE
    WHEN a.predicted = b.predicted THEN 'same'
    WHEN b.predicted = a.label THEN 'fixed'
    WHEN a.predicted = a.label THEN 'broken'
    ELSE 'moved'
  END AS outcome,
  c.correlation
FROM explanations AS a
JOIN other_explanations AS b ON a.id = b.id
JOIN correlations AS c ON a.id = c.id
ORDER BY c.correlation, a.id;
