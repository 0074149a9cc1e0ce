-- Where in each image does the evidence for the predicted class lie?
-- The centre of mass of cam, in pixels from 0; only positive values weigh, for negative ones speak
-- against the class. Null where no value is positive.
-- Columns: id, label, predicted, probability, centre_y, centre_x
SELECT id, label, predicted, probability,
  sum(y * greatest(value, 0)) / nullif(sum(greatest(value, 0)), 0) AS centre_y,
  sum(x * greatest(value, 0)) / nullif(sum(greatest(value, 0)), 0) AS centre_x
FROM pixels
GROUP BY id, label, predicted, probability
ORDER BY id;
