/**
 * Networks that class activation maps explain, as DL4J describes them, and what training and
 * explaining ask of any network. No Spark here, no engine, no files.
 */
package io.sparkcam.network;
