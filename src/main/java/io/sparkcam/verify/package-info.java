/** Reads a published run again and checks every file and every row. */
package io.sparkcam.verify;
