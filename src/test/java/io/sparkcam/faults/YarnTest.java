package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.faults.TaskFaults.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** YARN and HDFS, real ones in one process: data and output in HDFS, the same bytes as locally. */
@Tag("faults")
class YarnTest {
  private static final org.apache.hadoop.fs.Path DATA = new org.apache.hadoop.fs.Path("/data");

  private static Server hadoop;
  private static Path configuration;
  private static FileSystem files;

  @TempDir Path directory;

  @BeforeAll
  static void start(@TempDir Path parent) throws Exception {
    configuration = parent.resolve("cluster");
    Path ready = configuration.resolve("core-site.xml");
    hadoop =
        Server.start(
            "hadoop",
            parent,
            () -> Files.exists(ready),
            List.of(
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dtest.build.data=" + parent.resolve("build"),
                "-Dhadoop.log.dir=" + parent.resolve("logs"),
                Path.of("src/test/resources/hadoop/HadoopCluster.java").toAbsolutePath().toString(),
                configuration.toString()));
    Configuration site = new Configuration(false);
    site.addResource(new org.apache.hadoop.fs.Path(ready.toUri()));
    files = new org.apache.hadoop.fs.Path(site.get("fs.defaultFS")).getFileSystem(site);
    files.copyFromLocalFile(new org.apache.hadoop.fs.Path(Undisturbed.run().data().toUri()), DATA);
  }

  @AfterAll
  static void stop() {
    hadoop.close();
  }

  /** What the run left in HDFS is what it leaves locally, and nothing else is there. */
  private void assertSame(String what, String output) throws Exception {
    Path here = directory.resolve("out");
    files.copyToLocalFile(
        new org.apache.hadoop.fs.Path(output), new org.apache.hadoop.fs.Path(here.toUri()));
    try (var checksums = Files.walk(here)) {
      for (Path crc : checksums.filter(file -> file.toString().endsWith(".crc")).toList()) {
        Files.delete(crc);
      }
    }
    Undisturbed.run().assertSame(what, here);
  }

  @Test
  void anExecutorIsKilledWhereTheDriverIsHere() throws Exception {
    String fault = "executor killed on YARN";
    FaultTable.tried(fault);
    Launch launch =
        new Launch(directory)
            .yarn(configuration, "client")
            .task("training: epoch 1, round 2 .*", Kind.HOLD);
    List<String> arguments = Undisturbed.arguments("hdfs://" + DATA, "hdfs:///client");
    try (Job job = launch.start(arguments)) {
      Job.kill(job.reached().gate().process());
      job.succeeds();
      assertTrue(job.err().contains("Lost executor"), job.err());
    }
    assertSame(fault, "/client");
  }

  @Test
  void theDriverRunsInTheCluster() throws Exception {
    String what = "driver on YARN";
    FaultTable.tried(what);
    Launch launch = new Launch(directory).yarn(configuration, "cluster");
    List<String> arguments = Undisturbed.arguments("hdfs://" + DATA, "hdfs:///cluster");
    try (Job job = launch.start(arguments)) {
      job.succeeds();
      assertTrue(job.out().endsWith("\nhdfs:/cluster/a\n"), job.out());
    }
    assertSame(what, "/cluster");
    Launch again = new Launch(directory).yarn(configuration, "cluster");
    try (Job job = again.start(arguments)) {
      assertEquals(1, job.code(), job.err());
      assertTrue(job.err().contains("sparkcam: hdfs:/cluster/a: already exists"), job.err());
    }
  }
}
