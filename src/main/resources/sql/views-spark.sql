-- What the queries beside this file read, defined for Spark SQL.
-- Set two variables first: run, the directory of a published run, and other, that of the run to
-- compare it with (the same one where nothing is compared):
--   SET run = out/RUN_ID; SET other = out/RUN_ID;
--
-- explanations, other_explanations   one row an image: the tables of the two runs
-- zoom, other_zoom                   one row a pixel: y and x from 0, what each cell weighs in it
-- maps, other_maps                   one row an image: the predicted class's map of cam_low
-- pixels                             one row a pixel of cam, zoomed from cam_low: columns of its
--                                    image, y and x from 0, value (double, raw and signed)
-- pixel_pairs                        one row a pixel of an image that both runs have: id, value and
--                                    other_value
-- cells                              one row a cell (row-major, from 0) of a class's map of an image,
--                                    of a table with the maps of all classes: id, label, predicted, class, logit of the class, cell, value
-- biases                             one row a class: class, bias, base_probability

CREATE OR REPLACE TEMPORARY VIEW explanations AS
SELECT * FROM parquet.`${run}/explanations`;

CREATE OR REPLACE TEMPORARY VIEW other_explanations AS
SELECT * FROM parquet.`${other}/explanations`;

CREATE OR REPLACE TEMPORARY VIEW zoom AS
SELECT v.pixel AS y, h.pixel AS x,
  flatten(transform(v.weights, a -> transform(h.weights, b -> a * b))) AS weights
FROM parquet.`${run}/aggregates/zoom.parquet` v
JOIN parquet.`${run}/aggregates/zoom.parquet` h ON v.axis = 'y' AND h.axis = 'x';

CREATE OR REPLACE TEMPORARY VIEW maps AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
  slice(cam_low, 1 + cells * IF(size(cam_low) = size(logits) * cells, predicted, 0), cells) AS map
FROM explanations CROSS JOIN (SELECT max(size(weights)) AS cells FROM zoom);

CREATE OR REPLACE TEMPORARY VIEW other_zoom AS
SELECT v.pixel AS y, h.pixel AS x,
  flatten(transform(v.weights, a -> transform(h.weights, b -> a * b))) AS weights
FROM parquet.`${other}/aggregates/zoom.parquet` v
JOIN parquet.`${other}/aggregates/zoom.parquet` h ON v.axis = 'y' AND h.axis = 'x';

CREATE OR REPLACE TEMPORARY VIEW other_maps AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
  slice(cam_low, 1 + cells * IF(size(cam_low) = size(logits) * cells, predicted, 0), cells) AS map
FROM other_explanations CROSS JOIN (SELECT max(size(weights)) AS cells FROM other_zoom);

CREATE OR REPLACE TEMPORARY VIEW pixels AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1, y, x,
  aggregate(zip_with(map, weights, (a, b) -> a * b), 0D, (sum, product) -> sum + product) AS value
FROM maps CROSS JOIN zoom;

CREATE OR REPLACE TEMPORARY VIEW pixel_pairs AS
SELECT id, aggregate(zip_with(maps.map, weights, (a, b) -> a * b), 0D, (sum, product) -> sum + product) AS value,
  aggregate(zip_with(other_maps.map, other_weights, (a, b) -> a * b), 0D, (sum, product) -> sum + product) AS other_value
FROM maps JOIN other_maps USING (id) CROSS JOIN (SELECT y, x, zoom.weights, other_zoom.weights AS other_weights FROM zoom JOIN other_zoom USING (y, x));

CREATE OR REPLACE TEMPORARY VIEW cells AS
SELECT id, label, predicted, CAST(position DIV cells AS INTEGER) AS class,
  logits[CAST(position DIV cells AS INTEGER)] AS logit, position % cells AS cell, value
FROM (
  SELECT id, label, predicted, logits, CAST(size(cam_low) DIV size(logits) AS INTEGER) AS cells,
    posexplode(cam_low) AS (position, value)
  FROM explanations
);

CREATE OR REPLACE TEMPORARY VIEW biases AS
SELECT * FROM parquet.`${run}/aggregates/biases.parquet`;
