package io.sparkcam.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.VersionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
  @TempDir Path directory;

  @Test
  void moduleOfAnotherHadoopIsRefused() throws Exception {
    Path about = directory.resolve("META-INF/maven/org.apache.hadoop/hadoop-azure/pom.properties");
    Files.createDirectories(about.getParent());
    Files.writeString(about, "artifactId=hadoop-azure\nversion=3.3.4\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] urls = {directory.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, before)) {
      thread.setContextClassLoader(loader);
      var path = new org.apache.hadoop.fs.Path("abfss://data@account/out");
      IOException e =
          assertThrows(
              IOException.class, () -> Preflight.fileSystem(path, new Configuration(false)));
      String hadoop = VersionInfo.getVersion();
      assertEquals(
          "abfss://data@account/out: hadoop-azure is 3.3.4, and Hadoop is "
              + hadoop
              + "; give --packages org.apache.hadoop:hadoop-azure:"
              + hadoop
              + " before --",
          e.getMessage());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** As Spark says it of a task whose class an executor of Java 11 cannot read. */
  @Test
  void executorsOfAnOlderJavaAreNamed() {
    RuntimeException said =
        new IllegalStateException(
            "Job aborted: java.lang.UnsupportedClassVersionError: io/sparkcam/X has been compiled by"
                + " a more recent version of the Java Runtime (class file version 61.0), this version"
                + " of the Java Runtime only recognizes class file versions up to 55.0");
    assertEquals(
        "executors run Java 11, expected 17 or later; give --conf spark.executorEnv.JAVA_HOME=DIRECTORY",
        Preflight.javaTooOld(said).getMessage());
    RuntimeException other = new IllegalStateException("Job aborted: no space left");
    assertSame(other, assertThrows(IllegalStateException.class, () -> Preflight.javaTooOld(other)));
  }
}
