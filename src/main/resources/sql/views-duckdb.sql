-- What the queries beside this file read, defined for DuckDB (1.1 or newer).
-- Set two variables first: run, the directory of a published run, and other, that of the run to
-- compare it with (the same one where nothing is compared):
--   SET VARIABLE run = 'out/RUN_ID'; SET VARIABLE other = 'out/RUN_ID';
--
-- explanations, other_explanations   one row an image: the tables of the two runs
-- pixels                             one row a pixel of cam, which is taken to be square: columns of
--                                    its image, y and x from 0, value (double, raw and signed)
-- pixel_pairs                        one row a pixel of cam of an image that both runs have: id,
--                                    value and other_value
-- cells                              one row a cell (row-major, from 0) of a class's map of an image:
--                                    id, label, predicted, class, logit of the class, cell, value
-- biases                             one row a class: class, bias, base_probability

CREATE OR REPLACE TEMPORARY VIEW explanations AS
SELECT * FROM read_parquet(getvariable('run') || '/explanations/*.parquet');

CREATE OR REPLACE TEMPORARY VIEW other_explanations AS
SELECT * FROM read_parquet(getvariable('other') || '/explanations/*.parquet');

CREATE OR REPLACE TEMPORARY VIEW pixels AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
  position // width AS y, position % width AS x, CAST(value AS DOUBLE) AS value
FROM (
  SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
    CAST(sqrt(len(cam)) AS INTEGER) AS width,
    CAST(unnest(range(len(cam))) AS INTEGER) AS position, unnest(cam) AS value
  FROM explanations
);

CREATE OR REPLACE TEMPORARY VIEW pixel_pairs AS
SELECT id, CAST(value AS DOUBLE) AS value, CAST(other_value AS DOUBLE) AS other_value
FROM (
  SELECT a.id, unnest(a.cam) AS value, unnest(b.cam) AS other_value
  FROM explanations a JOIN other_explanations b ON a.id = b.id
);

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
