/**
 * Images in the rows of Parquet files. {@link io.sparkcam.data.table.TableFormat} is the way in,
 * {@code TableLayout} says which files are which part; the driver reads footers, tasks read rows.
 */
package io.sparkcam.data.table;
