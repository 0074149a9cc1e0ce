/**
 * What goes wrong on a cluster, done to real processes with real signals: tasks that fail,
 * processes that are killed, disks that are full, bytes that change. Each case ends with the model
 * and the table of an undisturbed run of the same arguments, byte for byte.
 *
 * <p>{@code mvn -B -Pfaults,s3 verify} runs them; {@code target/faults.txt} is what they found. The
 * job knows nothing of them: {@link io.sparkcam.faults.TaskFaults} is a plugin of Spark, {@link
 * io.sparkcam.faults.GatedFiles} a file system of Hadoop, and both are only configured.
 */
package io.sparkcam.faults;
