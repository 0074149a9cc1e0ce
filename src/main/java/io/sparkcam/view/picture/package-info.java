/**
 * Pictures of explanations: the overlay of an image and its class activation map as matplotlib
 * would draw it, labelled, in contact sheets, and as characters for a terminal. Reads nothing and
 * knows neither Spark nor DL4J: callers hand in {@link io.sparkcam.view.picture.ExplainedImage}s
 * and get {@link io.sparkcam.view.picture.Picture}s. Text is drawn with the package's own bitmap
 * font, so no font need be installed. Same input, same picture.
 */
package io.sparkcam.view.picture;
