package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A standalone cluster on this machine: a master and two workers of one core, which take themselves
 * for two hosts, as speculation wants it.
 */
final class Cluster implements AutoCloseable {
  private static final int POLL_MILLIS = 20;
  private static final int POLLS = 3000;

  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  Cluster(Path directory) throws Exception {
    this.directory = directory;
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    master = "spark://127.0.0.1:" + port;
    start("master.Master", "--host", "127.0.0.1", "--port", String.valueOf(port));
    await("master.Master", "I have been elected leader");
    worker("127.0.0.1");
    worker("127.0.0.2");
  }

  private void worker(String host) throws Exception {
    Path work = Files.createDirectory(directory.resolve("work-" + host));
    start(
        "worker.Worker",
        "--host",
        host,
        "--cores",
        "1",
        "--memory",
        "1g",
        "--work-dir",
        work.toString(),
        master);
    await("worker.Worker-" + host, "Successfully registered with master");
  }

  private void start(String name, String... arguments) throws IOException {
    String log = name + (name.startsWith("worker") ? "-" + arguments[1] : "");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(Path.of("target/spark/jars").toAbsolutePath() + "/*");
    command.add("org.apache.spark.deploy." + name);
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_NO_DAEMONIZE", "1");
    builder.environment().remove("LOG4J_CONFIGURATION_FILE");
    processes.add(builder.redirectOutput(directory.resolve(log).toFile()).start());
  }

  private void await(String log, String line) throws Exception {
    for (int i = 0; i < POLLS; i++) {
      if (Files.readString(directory.resolve(log)).contains(line)) {
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
    fail(log + ": not '" + line + "'\n" + Files.readString(directory.resolve(log)));
  }

  /** Its address. */
  String master() {
    return master;
  }

  @Override
  public void close() {
    processes.forEach(process -> Job.kill(process.toHandle()));
  }
}
