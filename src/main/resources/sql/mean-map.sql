-- What does the network look at when it says a class?
-- The mean map of every predicted class, a row a pixel: mean and (population) standard deviation of
-- cam over the images predicted as the class. (As arrays, and at once: aggregates/classes.parquet.)
-- Columns: predicted, y, x, images, mean, deviation
SELECT predicted, y, x, count(*) AS images, avg(value) AS mean, stddev_pop(value) AS deviation
FROM pixels
GROUP BY predicted, y, x
ORDER BY predicted, y, x;
