-- Which scale suits the maps of all images?
-- Quantiles of cam over all pixels of all images: the value at rank ceil(quantile * count) in
-- ascending order, rounded down to a thousandth, so that either engine counts few groups. (To the
-- last bit, and at once: aggregates/quantiles.parquet in the run.)
-- Columns: quantile, value
WITH counts AS (
  SELECT CAST(floor(value * 1000) AS BIGINT) AS thousandths, count(*) AS pixels
  FROM pixels
  GROUP BY CAST(floor(value * 1000) AS BIGINT)
),
ranks AS (
  SELECT thousandths, sum(pixels) OVER (ORDER BY thousandths) AS last_rank,
    sum(pixels) OVER () AS total
  FROM counts
),
quantiles AS (
  SELECT CAST(quantile AS DOUBLE) AS quantile
  FROM (VALUES (0), (0.001), (0.01), (0.05), (0.25), (0.5), (0.75), (0.95), (0.99), (0.999), (1))
    AS wanted (quantile)
)
SELECT quantile, min(thousandths) / 1000e0 AS value
FROM ranks JOIN quantiles ON last_rank >= greatest(ceil(quantile * total), 1)
GROUP BY quantile
ORDER BY quantile;
