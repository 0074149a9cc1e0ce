package io.sparkcam.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
}
