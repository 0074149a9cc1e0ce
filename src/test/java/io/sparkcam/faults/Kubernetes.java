package io.sparkcam.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of Kubernetes as Spark needs: an API server that keeps what it is given, and one node,
 * which runs a pod's container as a process in the image's content. The image is a directory, laid
 * out as the recipe says; its paths are put before the container's own.
 */
final class Kubernetes implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern STEP = Pattern.compile("(COPY|ENV|ENTRYPOINT) (.+)");
  private static final Pattern SERVICE = Pattern.compile("[a-z0-9-]+-svc\\.default\\.svc");

  private static final Pattern NAME = Pattern.compile("metadata.name=([a-z0-9-]+)");

  private final Path image;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> entrypoint = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /** By path. */
  private final Map<String, ObjectNode> objects = new TreeMap<>();

  private final List<Process> processes = new ArrayList<>();

  /**
   * Starts one.
   *
   * @param project directory that the image is built in
   * @param image directory that becomes its content
   */
  Kubernetes(Path project, Path image) throws Exception {
    this.image = image;
    for (String line : Files.readAllLines(project.resolve("submit/kubernetes/Dockerfile"))) {
      Matcher step = STEP.matcher(line);
      if (step.matches()) {
        build(project, step.group(1), step.group(2));
      }
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void build(Path project, String step, String rest) throws Exception {
    switch (step) {
      case "COPY" -> {
        String[] places = rest.split(" ", 2);
        Path place = Path.of(image + places[1]);
        Files.createDirectories(place.getParent());
        String from = project.resolve(places[0]).toString();
        Process copy = new ProcessBuilder("cp", "-rl", from, place.toString()).inheritIO().start();
        if (copy.waitFor() != 0) {
          throw new IOException("COPY " + rest);
        }
      }
      case "ENV" -> environment.put(rest.split("=", 2)[0], here(rest.split("=", 2)[1]));
      default -> JSON.readTree(rest).forEach(word -> entrypoint.add(here(word.textValue())));
    }
  }

  /** A container's text, with the image's places and the driver's address as they are here. */
  private String here(String text) {
    return SERVICE
        .matcher(text)
        .replaceAll("127.0.0.1")
        .replace("/opt/", image + "/opt/")
        .replace("/var/data/", image + "/var/data/");
  }

  String master() {
    return "k8s://http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The pods of a role that were asked for: {@code driver}, {@code executor}. */
  synchronized List<JsonNode> pods(String role) {
    List<JsonNode> pods = new ArrayList<>();
    for (ObjectNode object : objects.values()) {
      if (object.path("kind").asText().equals("Pod")
          && object.at("/metadata/labels/spark-role").asText().equals(role)) {
        pods.add(object);
      }
    }
    return pods;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      byte[] body = exchange.getRequestBody().readAllBytes();
      String query = String.valueOf(uri.getQuery());
      if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        // No web sockets: the client asks again, without.
        exchange.sendResponseHeaders(503, -1);
      } else if (query.contains("watch=true")) {
        exchange.sendResponseHeaders(200, 0);
        watch(uri.getPath(), query, exchange.getResponseBody());
      } else {
        ObjectNode reply = reply(exchange.getRequestMethod(), uri.getPath(), query, body);
        byte[] bytes = JSON.writeValueAsBytes(reply);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(reply.path("code").asInt(200), bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private synchronized ObjectNode reply(String method, String path, String query, byte[] body)
      throws IOException {
    ObjectNode status = JSON.createObjectNode().put("kind", "Status").put("apiVersion", "v1");
    switch (method) {
      case "GET" -> {
        if (objects.containsKey(path)) {
          return objects.get(path);
        }
        if (!path.matches(".*/(pods|services|configmaps|persistentvolumeclaims)")) {
          return status.put("status", "Failure").put("reason", "NotFound").put("code", 404);
        }
        ObjectNode list = JSON.createObjectNode().put("kind", "List").put("apiVersion", "v1");
        list.putObject("metadata").put("resourceVersion", "1");
        ArrayNode items = list.putArray("items");
        Matcher name = NAME.matcher(query);
        if (name.find()) {
          items.add(objects.get(path + "/" + name.group(1)));
        } else if (path.endsWith("/pods")) {
          items.addAll(pods("executor"));
        }
        return list;
      }
      case "DELETE" -> {
        return status.put("status", "Success");
      }
      default -> {
        ObjectNode object = (ObjectNode) JSON.readTree(body);
        String name = object.at("/metadata/name").asText();
        String place = method.equals("POST") ? path + "/" + name : path;
        ((ObjectNode) object.get("metadata"))
            .put("namespace", "default")
            .put("resourceVersion", "1")
            .put("uid", UUID.randomUUID().toString())
            .put("creationTimestamp", "2026-01-01T00:00:00Z");
        boolean created = objects.put(place, object) == null;
        if (created && path.endsWith("/pods")) {
          start(object);
        }
        return object;
      }
    }
  }

  private void watch(String path, String query, OutputStream out) throws IOException {
    Matcher name = NAME.matcher(query);
    String one = name.find() ? path + "/" + name.group(1) : "";
    String before = "";
    try {
      while (true) {
        String now;
        synchronized (this) {
          now = String.valueOf(objects.get(one));
        }
        if (!now.equals(before) && objects.containsKey(one)) {
          String event = "{\"type\":\"MODIFIED\",\"object\":" + now + "}\n";
          out.write(event.getBytes(StandardCharsets.UTF_8));
          out.flush();
          before = now;
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a node does, once what the pod mounts is there. */
  private void start(ObjectNode pod) {
    phase(pod, "Pending");
    threads.execute(
        () -> {
          try {
            Process process = process(pod);
            phase(pod, "Running");
            phase(pod, process.waitFor() == 0 ? "Succeeded" : "Failed");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private synchronized void phase(ObjectNode pod, String phase) {
    ObjectNode status = pod.putObject("status").put("phase", phase).put("podIP", "127.0.0.1");
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", phase.equals("Running") ? "True" : "False");
  }

  private Process process(ObjectNode pod) throws IOException, InterruptedException {
    JsonNode container = pod.at("/spec/containers/0");
    Path directory = image.resolve(pod.at("/metadata/name").asText());
    Files.createDirectories(directory);
    for (JsonNode mount : container.path("volumeMounts")) {
      mount(pod, mount);
    }
    List<String> command = new ArrayList<>(entrypoint);
    container.path("args").forEach(argument -> command.add(here(argument.asText())));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().putAll(environment);
    for (JsonNode variable : container.path("env")) {
      String value = variable.has("valueFrom") ? "127.0.0.1" : variable.path("value").asText();
      builder.environment().put(variable.path("name").asText(), here(value));
    }
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    synchronized (this) {
      Process process = builder.start();
      processes.add(process);
      return process;
    }
  }

  private void mount(ObjectNode pod, JsonNode mount) throws IOException, InterruptedException {
    for (JsonNode volume : pod.at("/spec/volumes")) {
      String map = volume.at("/configMap/name").asText();
      if (!volume.path("name").equals(mount.path("name")) || map.isEmpty()) {
        continue;
      }
      Path place = Path.of(here(mount.path("mountPath").asText() + "/"));
      Files.createDirectories(place);
      JsonNode data = configMap(map);
      for (JsonNode item : volume.at("/configMap/items")) {
        String text = data.path(item.path("key").asText()).asText();
        Files.writeString(place.resolve(item.path("path").asText()), here(text));
      }
    }
  }

  /** A pod may mount what is sent after it. */
  private JsonNode configMap(String name) throws InterruptedException {
    while (true) {
      synchronized (this) {
        ObjectNode map = objects.get("/api/v1/namespaces/default/configmaps/" + name);
        if (map != null) {
          return map.path("data");
        }
      }
      Thread.sleep(10);
    }
  }

  /** What the pods have said. */
  String logs() throws IOException {
    StringBuilder logs = new StringBuilder();
    try (var pods = Files.newDirectoryStream(image, "*/log")) {
      for (Path log : pods) {
        logs.append(log).append(":\n").append(Files.readString(log));
      }
    }
    return logs.toString();
  }

  @Override
  public void close() {
    synchronized (this) {
      processes.forEach(process -> Job.kill(process.toHandle()));
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
