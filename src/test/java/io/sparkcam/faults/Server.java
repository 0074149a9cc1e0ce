package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server as it is published: {@code src/test/resources/NAME/pom.xml} names its libraries, which
 * come to {@code target/NAME}.
 */
final class Server implements AutoCloseable {
  private static final int SECONDS = 120;
  private static final String COPY =
      "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

  private final Process process;

  private Server(Process process) {
    this.process = process;
  }

  /**
   * Starts one and waits until it is ready.
   *
   * @param directory is its working directory
   * @param arguments of Java, behind the class path
   */
  static Server start(String name, Path directory, BooleanSupplier ready, List<String> arguments)
      throws Exception {
    Path libraries = Path.of("target", name).toAbsolutePath();
    Path log = directory.resolve("log");
    Process maven =
        new ProcessBuilder("mvn", "-B", "-q", "-f", "src/test/resources/" + name + "/pom.xml", COPY)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, maven.waitFor(), () -> text(log));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx700m", "-XX:+UseSerialGC", "-cp", libraries + "/*"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!ready.getAsBoolean()) {
      assertTrue(
          process.isAlive() && System.nanoTime() < deadline,
          () -> "no " + name + ":\n" + text(log));
      Thread.sleep(100);
    }
    return new Server(process);
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    Job.kill(process.toHandle());
  }
}
