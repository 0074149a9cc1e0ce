package io.sparkcam.cluster;

import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a cluster must have before data is read: executors, which load the native libraries and see
 * the output. Each failure is one line with its cure. On a local master there is nothing to check.
 */
public final class Preflight {
  /** How long executors are waited for, in seconds. */
  private static final String PATIENCE = "spark.sparkcam.executors.wait";

  private static final int DEFAULT_PATIENCE = 120;
  private static final Pattern OLDER = Pattern.compile("class file versions up to ([0-9]+)");
  private static final int LEAST_JAVA = 17;

  /** What the version of class files is ahead of Java's. */
  private static final int CLASS_FILES = 44;

  private static final int POLL_MILLIS = 100;

  /** Where nothing says how many executors come: so long none has come after the last. */
  private static final int QUIET_POLLS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  private final JavaSparkContext sc;
  private final AtomicReference<String> lost = new AtomicReference<>("");

  private Preflight(JavaSparkContext sc) {
    this.sc = sc;
  }

  /**
   * Waits for the executors that were asked for, then has them try what a run needs.
   *
   * @param output directory that runs are published in
   * @throws IOException in one line, when something is missing
   */
  public static void check(JavaSparkContext sc, String output) throws IOException {
    Path directory = Storage.path(output);
    FileSystem files = fileSystem(directory, sc.hadoopConfiguration());
    if (sc.isLocal()) {
      return;
    }
    new Preflight(sc).check(files, directory);
  }

  private void check(FileSystem files, Path directory) throws IOException {
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            lost.set(removed.reason().strip().lines().findFirst().orElse(""));
          }
        };
    sc.sc().addSparkListener(listener);
    try {
      int executors = awaitExecutors();
      int slots = sc.defaultParallelism();
      Path shared = new Path(directory, ".preflight-" + UUID.randomUUID());
      files.mkdirs(shared);
      try {
        writeMark(files, new Path(shared, "driver"));
        TrialTask trial =
            new TrialTask(
                shared.makeQualified(files.getUri(), files.getWorkingDirectory()).toString(),
                new SerializableConfiguration(sc.hadoopConfiguration()));
        List<Integer> numbers = IntStream.range(0, slots).boxed().toList();
        sc.sc().setJobDescription("preflight: native libraries, output");
        TreeSet<String> problems = new TreeSet<>(trials(numbers, slots, trial));
        sc.sc().setJobDescription(null);
        problems.remove("");
        if (!problems.isEmpty()) {
          throw new IOException(problems.first());
        }
      } finally {
        files.delete(shared, true);
      }
      LOG.info("cluster: {} executors, {} task slots", executors, slots);
    } finally {
      sc.sc().removeSparkListener(listener);
    }
  }

  private List<String> trials(List<Integer> numbers, int slots, TrialTask trial)
      throws IOException {
    try {
      return sc.parallelize(numbers, slots).map(trial).collect();
    } catch (RuntimeException e) {
      throw javaTooOld(e);
    }
  }

  /** An older Java cannot even read the class of the trial; what it says names its version. */
  static IOException javaTooOld(RuntimeException e) {
    Matcher said = OLDER.matcher(String.valueOf(e.getMessage()));
    if (!said.find()) {
      throw e;
    }
    return new IOException(
        "executors run Java %s, expected %s or later; give --conf spark.executorEnv.JAVA_HOME=DIRECTORY"
            .formatted(Integer.parseInt(said.group(1)) - CLASS_FILES, LEAST_JAVA),
        e);
  }

  /** Returns how many there are. */
  private int awaitExecutors() throws IOException {
    SparkConf conf = sc.getConf();
    int patience = conf.getInt(PATIENCE, DEFAULT_PATIENCE);
    int wanted = wanted(conf);
    int here = 0;
    int quiet = 0;
    for (long poll = 0; poll * POLL_MILLIS < patience * 1000L; poll++) {
      int now = executors();
      quiet = now == here ? quiet + 1 : 0;
      here = now;
      if (here >= wanted && (wanted > 0 || (here > 0 && quiet >= QUIET_POLLS))) {
        return here;
      }
      pause();
    }
    if (here == 0) {
      throw new IOException(
          "no executor within %s s of %s with %s and %s cores%s; ask for what a worker has (--executor-memory, --executor-cores), or wait longer (--conf %s=SECONDS)"
              .formatted(
                  patience,
                  sc.master(),
                  conf.get("spark.executor.memory", "1g"),
                  conf.getInt("spark.executor.cores", 1),
                  lost.get().isEmpty()
                      ? ""
                      : " (the last one was lost: %s; it needs Java %s with %s)"
                          .formatted(lost.get(), LEAST_JAVA, ExecutorCheck.VECTORS),
                  PATIENCE));
    }
    if (here < wanted) {
      LOG.warn(
          "{} of {} executors came within {} s; work is divided for those", here, wanted, patience);
    }
    return here;
  }

  /** Executors that were asked for; 0 where nothing says so. */
  private static int wanted(SparkConf conf) {
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return conf.getInt(
          "spark.dynamicAllocation.initialExecutors",
          Math.max(1, conf.getInt("spark.dynamicAllocation.minExecutors", 1)));
    }
    String master = conf.get("spark.master");
    boolean fixed = master.equals("yarn") || master.startsWith("k8s:");
    return conf.getInt("spark.executor.instances", fixed ? 2 : 0);
  }

  private int executors() {
    // The driver is one of them.
    return sc.sc().statusTracker().getExecutorInfos().length - 1;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for executors", e);
    }
  }

  /** Of the path; where its classes are missing or another Hadoop's, the message names the jar. */
  static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    requireVersion(path);
    try {
      return path.getFileSystem(hadoop);
    } catch (UnsupportedFileSystemException e) {
      throw new IOException(withJar(path, e), e);
    } catch (IOException | RuntimeException e) {
      Throwable cause = e;
      while (cause != null && !(cause instanceof ClassNotFoundException)) {
        cause = cause.getCause();
      }
      if (cause == null) {
        throw e;
      }
      throw new IOException(withJar(path, cause), e);
    }
  }

  /** That a module of Hadoop, where there is one, is of the Hadoop that it extends. */
  private static void requireVersion(Path path) throws IOException {
    String[] coordinates = jar(path).split(":", -1);
    if (!coordinates[0].equals("org.apache.hadoop")) {
      return;
    }
    String module = coordinates[1];
    String properties = "META-INF/maven/org.apache.hadoop/" + module + "/pom.properties";
    try (InputStream in =
        Thread.currentThread().getContextClassLoader().getResourceAsStream(properties)) {
      Properties about = new Properties();
      if (in != null) {
        about.load(in);
      }
      String found = about.getProperty("version", VersionInfo.getVersion());
      if (!found.equals(VersionInfo.getVersion())) {
        throw new IOException(
            "%s: %s is %s, and Hadoop is %s; give --packages %s before --"
                .formatted(path, module, found, VersionInfo.getVersion(), jar(path)));
      }
    }
  }

  private static String withJar(Path path, Throwable why) {
    String scheme = scheme(path);
    String jar = jar(path);
    String cure = jar.isEmpty() ? "" : "; give --packages " + jar + " before --";
    String known = scheme.equals("s3") || scheme.equals("s3n") ? ", and write s3a://" : "";
    return path + ": no classes for this file system (" + why.getMessage() + ")" + cure + known;
  }

  private static String scheme(Path path) {
    return Optional.ofNullable(path.toUri().getScheme()).orElse("");
  }

  /** The coordinates of what brings the path's file system; empty where Hadoop itself does. */
  private static String jar(Path path) {
    return switch (scheme(path)) {
      case "s3a", "s3", "s3n" -> "org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion();
      case "abfs", "abfss", "wasb", "wasbs" ->
          "org.apache.hadoop:hadoop-azure:" + VersionInfo.getVersion();
      case "gs" -> "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26";
      default -> "";
    };
  }

  private static void writeMark(FileSystem files, Path path) throws IOException {
    try (FSDataOutputStream out = files.create(path, false)) {
      out.write("sparkcam".getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Returns what is wrong on the executor that it runs on, or nothing. */
  private static final class TrialTask implements Function<Integer, String>, Serializable {
    private static final long serialVersionUID = 1L;

    private final String directory;
    private final SerializableConfiguration hadoop;

    TrialTask(String directory, SerializableConfiguration hadoop) {
      this.directory = directory;
      this.hadoop = hadoop;
    }

    @Override
    public String call(Integer number) {
      String where = ExecutorCheck.where();
      try {
        ExecutorCheck.require();
      } catch (IOException e) {
        return e.getMessage();
      }
      try {
        Path path = new Path(directory);
        FileSystem files = fileSystem(path, hadoop.value());
        if (!files.exists(new Path(path, "driver"))) {
          return where
              + "does not see what the driver wrote in "
              + path.getParent()
              + "; --output must be a place that all machines share";
        }
        writeMark(files, new Path(path, "task-" + number + "-" + UUID.randomUUID()));
      } catch (IOException e) {
        return where + "cannot write to the output (" + e.getMessage() + ")";
      }
      return "";
    }
  }
}
