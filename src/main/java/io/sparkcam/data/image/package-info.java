/**
 * What an image is in a file or in an array of numbers, and how it becomes pixels.
 *
 * <p>In: the bytes of a file or a list of numbers, and {@link
 * io.sparkcam.data.image.DecodeSettings}. Out: pixels (channel, row, column) as unsigned bytes, or
 * the reason why there are none. {@link io.sparkcam.data.image.ImageForm} is the way in. Neither
 * Spark nor DL4J is known here.
 */
package io.sparkcam.data.image;
