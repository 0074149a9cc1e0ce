-- What the queries beside this file read, defined for DuckDB (1.1 or newer).
-- Set two variables first: run, the directory of a published run, and other, that of the run to
-- compare it with (the same one where nothing is compared):
--   SET VARIABLE run = 'out/RUN_ID'; SET VARIABLE other = 'out/RUN_ID';
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
SELECT * FROM read_parquet(getvariable('run') || '/explanations/*.parquet');

CREATE OR REPLACE TEMPORARY VIEW other_explanations AS
SELECT * FROM read_parquet(getvariable('other') || '/explanations/*.parquet');

CREATE OR REPLACE TEMPORARY VIEW zoom AS
SELECT v.pixel AS y, h.pixel AS x, flatten([[a * b FOR b IN h.weights] FOR a IN v.weights]) AS weights
FROM read_parquet(getvariable('run') || '/aggregates/zoom.parquet') v
JOIN read_parquet(getvariable('run') || '/aggregates/zoom.parquet') h
  ON v.axis = 'y' AND h.axis = 'x';

CREATE OR REPLACE TEMPORARY VIEW maps AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
  CAST(cam_low[place * cells + 1 : (place + 1) * cells] AS DOUBLE[]) AS map
FROM (
  SELECT *, CASE WHEN len(cam_low) = len(logits) * cells THEN predicted ELSE 0 END AS place
  FROM explanations CROSS JOIN (SELECT CAST(len(weights) AS INTEGER) AS cells FROM zoom LIMIT 1)
);

CREATE OR REPLACE TEMPORARY VIEW other_zoom AS
SELECT v.pixel AS y, h.pixel AS x, flatten([[a * b FOR b IN h.weights] FOR a IN v.weights]) AS weights
FROM read_parquet(getvariable('other') || '/aggregates/zoom.parquet') v
JOIN read_parquet(getvariable('other') || '/aggregates/zoom.parquet') h
  ON v.axis = 'y' AND h.axis = 'x';

CREATE OR REPLACE TEMPORARY VIEW other_maps AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
  CAST(cam_low[place * cells + 1 : (place + 1) * cells] AS DOUBLE[]) AS map
FROM (
  SELECT *, CASE WHEN len(cam_low) = len(logits) * cells THEN predicted ELSE 0 END AS place
  FROM other_explanations CROSS JOIN (SELECT CAST(len(weights) AS INTEGER) AS cells FROM other_zoom LIMIT 1)
);

CREATE OR REPLACE TEMPORARY VIEW pixels AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1, y, x,
  list_inner_product(map, weights) AS value
FROM maps CROSS JOIN zoom;

CREATE OR REPLACE TEMPORARY VIEW pixel_pairs AS
SELECT id, list_inner_product(maps.map, zoom.weights) AS value,
  list_inner_product(other_maps.map, other_zoom.weights) AS other_value
FROM maps JOIN other_maps USING (id) CROSS JOIN (zoom JOIN other_zoom USING (y, x));

CREATE OR REPLACE TEMPORARY VIEW cells AS
SELECT id, label, predicted, position // cells AS class, logits[position // cells + 1] AS logit,
  position % cells AS cell, value
FROM (
  SELECT id, label, predicted, logits, CAST(len(cam_low) // len(logits) AS INTEGER) AS cells,
    CAST(unnest(range(len(cam_low))) AS INTEGER) AS position, unnest(cam_low) AS value
  FROM explanations
);

CREATE OR REPLACE TEMPORARY VIEW biases AS
SELECT * FROM read_parquet(getvariable('run') || '/aggregates/biases.parquet');
