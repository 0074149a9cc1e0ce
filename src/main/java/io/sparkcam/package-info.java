/** SparkCAM: class activation maps for every image, in a table, by way of Spark. */
package io.sparkcam;
