/**
 * The table of explanations and the directory it is published in: schema, columnar writer, staging,
 * manifest, verification.
 */
package io.sparkcam.sink;
