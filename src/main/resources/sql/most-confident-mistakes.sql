-- Which images does the network get wrong with the most confidence?
-- Columns: id, label, predicted, probability
SELECT id, label, predicted, probability
FROM explanations
WHERE label <> predicted
ORDER BY probability DESC, id
LIMIT 20;
