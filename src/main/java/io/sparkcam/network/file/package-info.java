/**
 * Reads and writes files of models, and knows the networks that are trained by name. A file may
 * come from anywhere: everything is checked before it is allocated or loaded.
 */
package io.sparkcam.network.file;
