-- What the queries beside this file read, defined for Spark SQL.
-- Set two variables first: run, the directory of a published run, and other, that of the run to
-- compare it with (the same one where nothing is compared):
--   SET run = out/RUN_ID; SET other = out/RUN_ID;
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
SELECT * FROM parquet.`${run}/explanations`;

CREATE OR REPLACE TEMPORARY VIEW other_explanations AS
SELECT * FROM parquet.`${other}/explanations`;

CREATE OR REPLACE TEMPORARY VIEW pixels AS
SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
  position DIV width AS y, position % width AS x, CAST(value AS DOUBLE) AS value
FROM (
  SELECT id, label, predicted, probability, box_x0, box_y0, box_x1, box_y1,
    CAST(sqrt(size(cam)) AS INTEGER) AS width,
    posexplode(cam) AS (position, value)
  FROM explanations
);

CREATE OR REPLACE TEMPORARY VIEW pixel_pairs AS
SELECT id, CAST(pair.cam AS DOUBLE) AS value, CAST(pair.other_cam AS DOUBLE) AS other_value
FROM (
  SELECT a.id, explode(arrays_zip(cam, other_cam)) AS pair
  FROM explanations a JOIN (SELECT id, cam AS other_cam FROM other_explanations) b ON a.id = b.id
);

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
