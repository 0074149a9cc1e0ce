-- Which images does the network get right with the least confidence?
-- Columns: id, label, predicted, probability
SELECT id, label, predicted, probability
FROM explanations
WHERE label = predicted
ORDER BY probability, id
LIMIT 20;
