package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.faults.TaskFaults.Kind;
import io.sparkcam.run.Manifest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An S3 server, S3Proxy: data and output in a bucket, the same bytes as on a disk. */
@Tag("faults")
class ObjectStoreTest {
  private static final String OUTPUT = "s3a://bucket/out";

  private static Server server;
  private static int port;
  private static Path bucket;
  private static Path configuration;

  @TempDir Path directory;

  @BeforeAll
  static void start(@TempDir Path parent) throws Exception {
    try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    // The server keeps objects as files of their names.
    bucket = Files.createDirectory(parent.resolve("bucket"));
    Path properties = parent.resolve("s3proxy.conf");
    Files.write(
        properties,
        List.of(
            "s3proxy.endpoint=http://127.0.0.1:" + port,
            "s3proxy.authorization=none",
            "s3proxy.ignore-unknown-headers=true",
            "jclouds.provider=filesystem",
            "jclouds.filesystem.basedir=" + parent));
    Path quiet = parent.resolve("logback.xml");
    Files.writeString(quiet, "<configuration/>");
    server =
        Server.start(
            "s3",
            parent,
            ObjectStoreTest::answers,
            List.of(
                "-Dlogback.configurationFile=" + quiet,
                "org.gaul.s3proxy.Main",
                "--properties",
                properties.toString()));
    configuration = Files.createDirectory(parent.resolve("configuration"));
    Configuration site = new Configuration(false);
    site.set("fs.s3a.endpoint", "http://127.0.0.1:" + port);
    site.set("fs.s3a.endpoint.region", "us-east-1");
    site.set("fs.s3a.path.style.access", "true");
    site.set(
        "fs.s3a.aws.credentials.provider",
        "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");
    try (OutputStream out = Files.newOutputStream(configuration.resolve("core-site.xml"))) {
      site.writeXml(out);
    }
    Configuration all = new Configuration();
    all.addResource(site);
    var bucketRoot = new org.apache.hadoop.fs.Path("s3a://bucket/");
    try (FileSystem files = FileSystem.newInstance(bucketRoot.toUri(), all)) {
      files.copyFromLocalFile(
          new org.apache.hadoop.fs.Path(Undisturbed.run().data().toUri()),
          new org.apache.hadoop.fs.Path(bucketRoot, "data"));
    }
  }

  private static boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Launch launch() throws Exception {
    // What is uploaded is buffered in files of Hadoop's own kind.
    return new Launch(directory)
        .hadoop(configuration)
        .conf("spark.hadoop.fs.file.impl", LocalFileSystem.class.getName());
  }

  private static List<String> arguments(String... more) {
    return Undisturbed.arguments("s3a://bucket/data", OUTPUT, more);
  }

  /** Directories are none to a store; the server leaves empty ones. */
  private static void removeEmptyDirectories(Path output) throws IOException {
    try (Stream<Path> tree = Files.walk(output)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).filter(Files::isDirectory).toList()) {
        try {
          Files.delete(path);
        } catch (FileSystemException e) {
          assertTrue(Files.exists(path), path::toString);
        }
      }
    }
  }

  @Test
  void killedRunIsResumed() throws Exception {
    String fault = "driver killed, output in an object store";
    FaultTable.tried(fault);
    try (Job job = launch().task("explanation - .*", Kind.HOLD).start(arguments())) {
      job.reached();
      try (Job second = launch().start(arguments())) {
        String line = second.fails();
        assertTrue(line.startsWith("sparkcam: " + OUTPUT + "/a: process "), line);
      }
      job.kill();
    }
    assertFalse(
        Files.exists(bucket.resolve("out").resolve(Undisturbed.RUN).resolve(Manifest.NAME)));
    try (Job job = launch().start(arguments("--resume"))) {
      job.succeeds();
      assertTrue(job.err().contains("resume: 2 epochs"), job.err());
    }
    removeEmptyDirectories(bucket.resolve("out"));
    Undisturbed.run().assertSame(fault, bucket.resolve("out"));
    for (List<String> looking :
        List.of(
            List.of("verify", Undisturbed.RUN, "--output", OUTPUT),
            List.of("clean", "--output", OUTPUT))) {
      try (Job job = launch().start(looking)) {
        job.succeeds();
      }
    }
    try (Job job = launch().start(arguments())) {
      assertEquals(1, job.code(), job.err());
      assertTrue(job.err().contains(OUTPUT + "/a: already exists"), job.err());
    }
  }
}
