package io.sparkcam.cluster;

import java.io.IOException;
import org.apache.spark.SparkEnv;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What every executor must have, looked at once in its JVM: of those that are there in the
 * beginning and of those that come later.
 */
final class ExecutorCheck {
  static final String VECTORS = "jdk.incubator.vector";

  private ExecutorCheck() {}

  private static final class Once {
    static final String PROBLEM = find();
  }

  /**
   * Nothing is wrong on a local master, whose tasks run in the driver.
   *
   * @throws IOException in one line, with the cure
   */
  static void require() throws IOException {
    if (SparkEnv.get().executorId().equals("driver")) {
      return;
    }
    if (!Once.PROBLEM.isEmpty()) {
      throw new IOException(where() + Once.PROBLEM);
    }
  }

  /** The executor that this runs on, as a message begins. */
  static String where() {
    SparkEnv env = SparkEnv.get();
    return "executor %s on %s: "
        .formatted(env.executorId(), env.blockManager().blockManagerId().host());
  }

  private static String find() {
    String threads = System.getenv().getOrDefault("OMP_NUM_THREADS", "not set");
    if (!threads.equals("1")) {
      return "OMP_NUM_THREADS is "
          + threads
          + ", expected 1; give --conf spark.executorEnv.OMP_NUM_THREADS=1";
    }
    if (ModuleLayer.boot().findModule(VECTORS).isEmpty()) {
      return "Java %s runs without its module %s; spark.executor.defaultJavaOptions of conf/spark-defaults.conf has --add-modules=%s"
          .formatted(Runtime.version(), VECTORS, VECTORS);
    }
    try {
      Nd4j.scalar(1f).add(1f);
    } catch (Exception | LinkageError e) {
      return "ND4J's native libraries do not load (" + e + "); it needs Linux on x86-64";
    }
    return "";
  }
}
