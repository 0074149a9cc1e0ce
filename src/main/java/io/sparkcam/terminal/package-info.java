/**
 * What a running job shows on the terminal: progress, the confusion table, the table of
 * faithfulness.
 */
package io.sparkcam.terminal;
