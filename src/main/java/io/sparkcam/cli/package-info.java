/**
 * The command line: commands and their options, exit codes, error messages. What a run does is in
 * {@code job}; what is shown of a run is in {@code view}.
 */
package io.sparkcam.cli;
