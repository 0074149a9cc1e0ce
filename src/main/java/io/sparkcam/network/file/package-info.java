/**
 * Reads and writes files of models. A file may come from anywhere: everything is checked before it
 * is allocated or loaded.
 */
package io.sparkcam.network.file;
