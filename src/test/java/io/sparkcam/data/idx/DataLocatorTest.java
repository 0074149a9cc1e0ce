package io.sparkcam.data.idx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.storage.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLocatorTest {
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte.gz",
          "train-labels-idx1-ubyte.gz",
          "t10k-images-idx3-ubyte.gz",
          "t10k-labels-idx1-ubyte.gz");

  @TempDir Path directory;
  private final List<String> progress = new ArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private HttpServer server;
  private URI published;

  @BeforeEach
  void serveTheExtract() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/data/", this::serve);
    server.createContext("/cut/", DataLocatorTest::serveHalf);
    server.createContext("/endless/", this::serveTooMuch);
    server.start();
    published = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/data/");
  }

  @AfterEach
  void stopServing() {
    server.stop(0);
  }

  @Test
  void installedPackageComesFirst() throws IOException {
    Path found = locator(Idx.EXTRACT, List.of(published), files()).locate();

    assertEquals(Idx.EXTRACT, found);
    assertEquals(List.of(), requests);
  }

  @Test
  void downloadIsCachedAndUsedAgain() throws IOException {
    DataLocator locator = locator(List.of(published), files());

    Path first = locator.locate();
    Path second = locator.locate();

    assertEquals(cache(), first);
    assertEquals(first, second);
    for (String name : FILES) {
      assertEquals(-1, Files.mismatch(Idx.EXTRACT.resolve(name), cache().resolve(name)));
    }
    assertEquals(FILES.stream().map(name -> "/data/" + name).toList(), requests);
    assertEquals("downloading " + published + FILES.get(0) + " (260,812 bytes)", progress.get(0));
    assertEquals(4, progress.size());
    StoredPart test =
        Idx.store(
            Idx.file(first.resolve(FILES.get(2))),
            Idx.file(first.resolve(FILES.get(3))),
            10,
            ImageSource.ALL,
            cache());
    assertEquals(200, test.count());
  }

  @Test
  void onlyMissingFilesAreFetched() throws IOException {
    Files.createDirectories(cache());
    Files.copy(Idx.EXTRACT.resolve(FILES.get(0)), cache().resolve(FILES.get(0)));

    locator(List.of(published), files()).locate();

    assertEquals(FILES.subList(1, 4).stream().map(name -> "/data/" + name).toList(), requests);
  }

  @Test
  void nextLocationIsTriedWhenOneFails() throws IOException {
    URI absent = published.resolve("/absent/");

    Path found = locator(List.of(absent, published), files()).locate();

    assertEquals(cache(), found);
    assertEquals(8, progress.size());
  }

  @Test
  void absentFileIsReportedWithAllWaysOut() throws IOException {
    URI absent = published.resolve("/absent/");

    assertEquals(
        "Fashion-MNIST is neither in "
            + directory.resolve("packaged")
            + " nor in "
            + cache()
            + " and could not be downloaded ("
            + absent
            + "train-images-idx3-ubyte.gz: HTTP status 404, expected 200)."
            + " Install it (apt-get install dataset-fashion-mnist), or name a directory that holds"
            + " its four files (--data DIR), or download them by hand into "
            + cache()
            + ": "
            + String.join(", ", FILES)
            + " from "
            + absent,
        refusal(absent, files()));
    assertCacheIsEmpty();
  }

  @Test
  void wrongChecksumIsRefused() throws IOException {
    List<PublishedFile> files = new ArrayList<>(files());
    PublishedFile right = files.get(0);
    String wrong = "0".repeat(64);
    files.set(0, new PublishedFile(right.name(), right.bytes(), wrong));

    String message = refusal(published, files);

    assertTrue(message.contains(": SHA-256 " + right.sha256() + ", expected " + wrong), message);
    assertCacheIsEmpty();
  }

  @Test
  void cutConnectionIsRefused() throws IOException {
    String message = refusal(published.resolve("/cut/"), files());

    assertTrue(message.contains("/cut/train-images-idx3-ubyte.gz: "), message);
    assertCacheIsEmpty();
  }

  @Test
  void shorterFileIsRefused() throws IOException {
    List<PublishedFile> files = new ArrayList<>(files());
    PublishedFile right = files.get(0);
    files.set(0, new PublishedFile(right.name(), right.bytes() + 1, right.sha256()));

    String message = refusal(published, files);

    assertTrue(message.contains(": 260812 bytes, expected 260813"), message);
    assertCacheIsEmpty();
  }

  @Test
  void noMoreThanTheFileIsTaken() throws IOException {
    String message = refusal(published.resolve("/endless/"), files());

    assertTrue(message.contains(": more than 260812 bytes, expected 260812"), message);
    // What was sent beyond that lies in socket buffers, a few MiB.
    assertTrue(sent.get() < 64 << 20, sent + " bytes sent");
    assertCacheIsEmpty();
  }

  @Test
  void nobodyListeningIsReported() throws IOException {
    server.stop(0);

    String message = refusal(published, files());

    assertTrue(message.contains("java.net.ConnectException: Connection refused"), message);
  }

  @Test
  void cacheThatCannotBeMadeIsReported() throws IOException {
    Files.createFile(directory.resolve("cache"));

    String message = refusal(published, files());

    assertTrue(message.contains("FileAlreadyExistsException"), message);
  }

  @Test
  void cacheFollowsTheEnvironment() {
    Path home = Path.of("/home/someone");
    Path standard = Path.of("/home/someone/.cache/sparkcam/fashion-mnist");

    assertEquals(standard, DataLocator.cacheDirectory(Map.of(), home));
    assertEquals(standard, DataLocator.cacheDirectory(Map.of("XDG_CACHE_HOME", ""), home));
    assertEquals(standard, DataLocator.cacheDirectory(Map.of("XDG_CACHE_HOME", "relative"), home));
    assertEquals(
        Path.of("/fast/sparkcam/fashion-mnist"),
        DataLocator.cacheDirectory(Map.of("XDG_CACHE_HOME", "/fast"), home));
  }

  @Test
  void publishedFilesAreTheFourOfTheDataSet() {
    assertEquals(FILES, FashionMnist.FILES.stream().map(PublishedFile::name).toList());
    assertTrue(FashionMnist.PUBLISHED_AT.stream().allMatch(uri -> uri.getPath().endsWith("/")));
  }

  private Path cache() {
    return directory.resolve("cache");
  }

  private DataLocator locator(List<URI> locations, List<PublishedFile> files) {
    return locator(directory.resolve("packaged"), locations, files);
  }

  private DataLocator locator(Path packaged, List<URI> locations, List<PublishedFile> files) {
    return new DataLocator(packaged, cache(), new Download(locations, files, progress::add));
  }

  private String refusal(URI location, List<PublishedFile> files) {
    return assertThrows(IOException.class, () -> locator(List.of(location), files).locate())
        .getMessage();
  }

  private void assertCacheIsEmpty() throws IOException {
    try (Stream<Path> left = Files.list(cache())) {
      assertFalse(left.findAny().isPresent(), "something is left in the cache");
    }
  }

  /** The extract as if it were what the authors publish. */
  private static List<PublishedFile> files() throws IOException {
    List<PublishedFile> files = new ArrayList<>();
    for (String name : FILES) {
      byte[] content = Files.readAllBytes(Idx.EXTRACT.resolve(name));
      files.add(new PublishedFile(name, content.length, Sha256.of(content)));
    }
    return files;
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    byte[] content = Files.readAllBytes(Idx.EXTRACT.resolve(path.substring("/data/".length())));
    try (exchange) {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  private static void serveHalf(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 260_812);
    exchange.getResponseBody().write(new byte[100_000]);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private void serveTooMuch(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (exchange) {
      byte[] chunk = new byte[1 << 16];
      while (true) {
        exchange.getResponseBody().write(chunk);
        sent.addAndGet(chunk.length);
      }
    } // ends when the client goes
  }
}
