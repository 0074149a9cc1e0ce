-- When the network takes one class for another, does it look elsewhere than when it is right?
-- A row a pair of classes that is confused: the mean map of its images against the mean map of the
-- images that were rightly predicted as the same class. Distance is the root mean square, over the
-- pixels, of the difference: in logits, as the map itself. Few images make a noisy mean: mind the
-- column images. Null where no image was rightly predicted as the class.
-- Columns: label, predicted, images, distance
WITH mean_maps AS (
  SELECT label, predicted, y, x, count(*) AS images, avg(value) AS mean
  FROM pixels
  WHERE label IS NOT NULL
  GROUP BY label, predicted, y, x
)
SELECT wrong.label, wrong.predicted, max(wrong.images) AS images,
  sqrt(avg((wrong.mean - hits.mean) * (wrong.mean - hits.mean))) AS distance
FROM mean_maps AS wrong
LEFT JOIN mean_maps AS hits
  ON hits.label = wrong.predicted AND hits.predicted = wrong.predicted
  AND hits.y = wrong.y AND hits.x = wrong.x
WHERE wrong.label <> wrong.predicted
GROUP BY wrong.label, wrong.predicted
ORDER BY distance DESC NULLS FIRST, wrong.label, wrong.predicted;
