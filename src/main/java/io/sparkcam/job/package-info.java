/**
 * The command line: commands, settings, exit codes, and what is shown on the terminal. What the
 * commands do is behind {@link io.sparkcam.job.Pipeline}.
 */
package io.sparkcam.job;
