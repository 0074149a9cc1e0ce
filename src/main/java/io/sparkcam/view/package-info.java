/**
 * What is shown of a published run: pictures of maps and the HTML report. Reads runs without Spark.
 */
package io.sparkcam.view;
