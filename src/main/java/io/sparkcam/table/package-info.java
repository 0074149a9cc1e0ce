/** The table of explanations: its columns, its Parquet files, reading them without Spark. */
package io.sparkcam.table;
