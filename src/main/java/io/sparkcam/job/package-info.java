/**
 * Orchestration of a run: data, training, explanation, publication, each a timed stage; what a
 * resumed run must agree with.
 */
package io.sparkcam.job;
