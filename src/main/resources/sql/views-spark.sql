-- What the queries beside this file read, defined for Spark SQL.
-- Set two variables first: run, the directory of a published run, and other, that of the run to
-- compare it with (the same one where nothing is compared):
--   SET run = out/RUN_ID; SET other = out/RUN_ID;
--
-- explanations, other_explanations   one row an image: the tables of the two runs
-- zoom, other_zoom                   what cells weigh in pixels along an axis, y or x
-- maps, other_maps                   one row an image: the predicted class's map of cam_low
-- pixels, other_pixels               one row a pixel of cam, zoomed from cam_low: columns of its
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
SELECT axis, pixel, size(weights) AS cells, posexplode(weights) AS (cell, weight)
FROM parquet.`${run}/aggregates/zoom.parquet`;

CREATE OR REPLACE TEMPORARY VIEW maps AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
  height, width, slice(cam_low, 1 + height * width
    * IF(size(cam_low) = size(logits) * height * width, predicted, 0), height * width) AS map
FROM explanations CROSS JOIN (
  SELECT max(IF(axis = 'y', cells, 0)) AS height, max(IF(axis = 'x', cells, 0)) AS width FROM zoom
);

CREATE OR REPLACE TEMPORARY VIEW pixels AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1, v.pixel AS y, x, sum(value * v.weight) AS value
FROM (
  SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
    m.cell DIV width AS line, h.pixel AS x, sum(value * h.weight) AS value
  FROM (SELECT *, posexplode(map) AS (cell, value) FROM maps) m
  JOIN zoom h ON h.axis = 'x' AND h.cell = m.cell % width
  GROUP BY id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1, m.cell DIV width, h.pixel
)
JOIN zoom v ON v.axis = 'y' AND v.cell = line
GROUP BY id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1, v.pixel, x;

CREATE OR REPLACE TEMPORARY VIEW other_zoom AS
SELECT axis, pixel, size(weights) AS cells, posexplode(weights) AS (cell, weight)
FROM parquet.`${other}/aggregates/zoom.parquet`;

CREATE OR REPLACE TEMPORARY VIEW other_maps AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
  height, width, slice(cam_low, 1 + height * width
    * IF(size(cam_low) = size(logits) * height * width, predicted, 0), height * width) AS map
FROM other_explanations CROSS JOIN (
  SELECT max(IF(axis = 'y', cells, 0)) AS height, max(IF(axis = 'x', cells, 0)) AS width FROM other_zoom
);

CREATE OR REPLACE TEMPORARY VIEW other_pixels AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1, v.pixel AS y, x, sum(value * v.weight) AS value
FROM (
  SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
    m.cell DIV width AS line, h.pixel AS x, sum(value * h.weight) AS value
  FROM (SELECT *, posexplode(map) AS (cell, value) FROM other_maps) m
  JOIN other_zoom h ON h.axis = 'x' AND h.cell = m.cell % width
  GROUP BY id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1, m.cell DIV width, h.pixel
)
JOIN other_zoom v ON v.axis = 'y' AND v.cell = line
GROUP BY id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1, v.pixel, x;

CREATE OR REPLACE TEMPORARY VIEW pixel_pairs AS
SELECT id, pixels.value, other_pixels.value AS other_value
FROM pixels JOIN other_pixels USING (id, y, x);

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
