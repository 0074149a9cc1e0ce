package io.sparkcam.faults;

import io.sparkcam.faults.GatedFiles.Then;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.hadoop.fs.LocalFileSystem;

/** How the job is to be started: by the scripts in submit/, where, and disturbed by what. */
final class Launch {
  /** A process of a few seconds is over before a better collector has paid off. */
  private static final String QUICK_START = "-XX:+UseSerialGC";

  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final Path CLASSES = PROJECT.resolve("target/test-classes");

  private final Path directory;
  private final Properties conf = new Properties();
  private final List<String> submission = new ArrayList<>();
  private String master = "local[2]";
  private Path hadoop = CLASSES;
  private int faults;

  /**
   * A launch of its own.
   *
   * @param parent gets a directory for all that the process needs beside its output
   */
  Launch(Path parent) throws IOException {
    directory = Files.createTempDirectory(parent, "launch-").toAbsolutePath();
    Files.createDirectory(directory.resolve("tmp"));
    // The classes of this package; the job's own come from its jar, which is before.
    conf("spark.executor.extraClassPath", CLASSES.toString());
    conf("spark.executor.extraJavaOptions", QUICK_START);
    conf("spark.executor.memory", "900m");
    conf("spark.driver.host", "127.0.0.1");
    conf("spark.ui.enabled", "false");
    // Small data in 200 shuffle partitions would take most of the time.
    conf("spark.sql.shuffle.partitions", "2");
    conf("spark.hadoop.fs.file.impl", GatedFiles.class.getName());
    conf("spark.hadoop." + GatedFiles.DIRECTORY, directory.toString());
  }

  Launch conf(String key, String value) {
    conf.setProperty(key, value);
    return this;
  }

  Launch master(String where) {
    master = where;
    return this;
  }

  /** With Hadoop's configuration in a directory. */
  Launch hadoop(Path configuration) {
    hadoop = configuration;
    return this;
  }

  /** On YARN, as Hadoop's configuration says. */
  Launch yarn(Path configuration, String deployMode) {
    submission.addAll(List.of("--deploy-mode", deployMode, "--num-executors", "2"));
    // Every node has them: they need not be sent. The driver may be a process of the cluster.
    return hadoop(configuration)
        .master("yarn")
        .conf("spark.yarn.jars", "local:" + PROJECT.resolve("target/spark/jars") + "/*")
        .conf("spark.driver.extraClassPath", CLASSES.toString());
  }

  /**
   * On Kubernetes, in cluster mode.
   *
   * @param token stands for what a pod is mounted to show itself with
   */
  Launch kubernetes(String api, Path token) {
    conf.remove("spark.driver.host");
    submission.addAll(List.of("--deploy-mode", "cluster"));
    String mounted = "spark.kubernetes.authenticate.driver.mounted.";
    return master(api)
        .conf("spark.executor.instances", "1")
        .conf("spark.executor.cores", "2")
        .conf("spark.kubernetes.driver.master", api.replace("k8s://", ""))
        .conf(mounted + "oauthTokenFile", token.toString())
        .conf(mounted + "caCertFile", token.toString())
        .conf("spark.driver.port", "0")
        .conf("spark.hadoop.fs.file.impl", LocalFileSystem.class.getName());
  }

  /** Stops at the first operation that matches. */
  Launch at(String operation, Then then) {
    return numbered("[0-9]+ " + operation, then);
  }

  /** Stops at the operation of that number. */
  Launch at(int number, Then then) {
    return numbered(number + " .*", then);
  }

  private Launch numbered(String operation, Then then) {
    return conf("spark.hadoop." + GatedFiles.AT + faults++, then + " " + operation);
  }

  /** Disturbs the first task of the first stage that matches. */
  Launch task(String stage, TaskFaults.Kind kind) {
    return task(stage, 0, kind);
  }

  /** Disturbs the task at a partition of the first stage that matches. */
  Launch task(String stage, int partition, TaskFaults.Kind kind) {
    return conf(TaskFaults.AT + faults++, kind + " " + stage + " - " + partition).watched();
  }

  /** Has executors say which processes they are. */
  Launch watched() {
    return conf("spark.plugins", TaskFaults.class.getName())
        .conf(TaskFaults.DIRECTORY, directory.toString());
  }

  /** What its processes have left in their temporary directory. */
  List<Path> scratch() throws IOException {
    try (var left = Files.list(directory.resolve("tmp"))) {
      return left.filter(file -> !file.getFileName().toString().startsWith("hsperfdata")).toList();
    }
  }

  /** Starts it. */
  Job start(List<String> arguments) throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("spark-defaults.conf"))) {
      conf.store(out, null);
    }
    List<String> command = new ArrayList<>(List.of("/bin/bash"));
    if (master.startsWith("local[")) {
      command.add(PROJECT + "/submit/local.sh");
    } else {
      command.addAll(List.of(PROJECT + "/submit/cluster.sh", "--master", master));
      command.addAll(submission);
      command.add("--");
    }
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("SPARK_MASTER", master);
    builder.environment().put("SPARK_CONF_DIR", directory.toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARKCAM_MEMORY", "1g");
    // The way onto the driver's class path.
    builder.environment().put("YARN_CONF_DIR", CLASSES.toString());
    builder.environment().put("HADOOP_CONF_DIR", hadoop.toString());
    String temporary = directory.resolve("tmp").toString();
    if (master.startsWith("local[")) {
      builder.environment().put("JDK_JAVA_OPTIONS", QUICK_START);
      builder.environment().put("TMPDIR", temporary);
    } else {
      builder.environment().put("JDK_JAVA_OPTIONS", QUICK_START + " -Djava.io.tmpdir=" + temporary);
      builder.environment().put("SPARK_LOCAL_DIRS", temporary);
    }
    return new Job(directory, builder);
  }
}
