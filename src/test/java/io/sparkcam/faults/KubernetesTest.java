package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kubernetes: the pods that Spark asks for, and the image's content run as they say. */
@Tag("faults")
class KubernetesTest {
  private static final String IMAGE = "registry.example/sparkcam:1";

  @TempDir Path directory;

  private static Map<String, String> environment(JsonNode container) {
    Map<String, String> environment = new TreeMap<>();
    container
        .path("env")
        .forEach(each -> environment.put(each.path("name").asText(), each.path("value").asText()));
    return environment;
  }

  private static List<String> texts(JsonNode nodes, String path) {
    return StreamSupport.stream(nodes.spliterator(), false)
        .map(node -> node.at(path).asText())
        .toList();
  }

  private static void assertPod(JsonNode pod, String memory, String role) {
    JsonNode container = pod.at("/spec/containers/0");
    assertEquals(IMAGE, container.path("image").asText());
    assertEquals(role, container.at("/args/0").asText());
    assertEquals(memory, container.at("/resources/limits/memory").asText());
    assertEquals("1", environment(container).get("OMP_NUM_THREADS"));
    assertEquals("C.UTF-8", environment(container).get("LC_ALL"));
    assertEquals("amd64", pod.at("/spec/nodeSelector").path("kubernetes.io/arch").asText());
    assertTrue(texts(container.path("volumeMounts"), "/mountPath").contains("/tmp"));
  }

  @Test
  void theImageRunsAsThePodsSay() throws Exception {
    String what = "Kubernetes, as far as its API";
    FaultTable.tried(what);
    Path project = Path.of("").toAbsolutePath();
    Path log = directory.resolve("maven");
    Process maven =
        new ProcessBuilder(
                "mvn", "-B", "-q", "-Pkubernetes", "dependency:copy-dependencies@spark-home")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, maven.waitFor(), log::toString);
    Path image = Files.createTempDirectory(project.resolve("target"), "image-");
    Path output = directory.resolve("out");
    try (Kubernetes kubernetes = new Kubernetes(project, image)) {
      Launch launch =
          new Launch(directory)
              .kubernetes(kubernetes.master(), Files.createFile(directory.resolve("token")))
              .conf("spark.kubernetes.container.image", IMAGE);
      try (Job job = launch.start(Undisturbed.run().arguments(output))) {
        assertEquals(0, job.code(), () -> job.err() + kubernetes.pods("driver"));
        assertTrue(job.out().endsWith("\n" + output + "/a\n"), job.out());
      }
      JsonNode driver = kubernetes.pods("driver").get(0);
      assertPod(driver, "1408Mi", "driver");
      List<String> arguments = texts(driver.at("/spec/containers/0/args"), "");
      assertTrue(
          arguments.containsAll(
              List.of(
                  "io.sparkcam.cli.SparkCam",
                  "local:///opt/sparkcam/sparkcam-all.jar",
                  "--output",
                  output.toString())),
          arguments::toString);
      List<JsonNode> executors = kubernetes.pods("executor");
      assertEquals(1, executors.size());
      assertPod(executors.get(0), "1284Mi", "executor");
    }
    Undisturbed.run().assertSameOfAnotherSpark(what, output);
  }
}
