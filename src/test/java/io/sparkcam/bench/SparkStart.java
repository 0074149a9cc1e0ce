package io.sparkcam.bench;

import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;

/** Starts Spark as the job does. */
public final class SparkStart {
  private SparkStart() {}

  /** Takes the time the process was started, in microseconds since 1970; prints seconds. */
  public static void main(String[] args) {
    PrintStream out = Figures.takeStandardOutput();
    try (SparkSession spark = SparkSession.builder().appName("SparkCAM").getOrCreate()) {
      spark.sparkContext();
      double seconds = System.currentTimeMillis() / 1e3 - Long.parseLong(args[0]) / 1e6;
      out.println(Figures.rounded(seconds));
    }
    out.flush();
  }
}
