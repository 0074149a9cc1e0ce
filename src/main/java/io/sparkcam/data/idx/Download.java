package io.sparkcam.data.idx;

import io.sparkcam.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Published files that can be fetched over HTTP, each trusted only by its length and SHA-256. */
final class Download {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 30_000;

  private final List<URI> locations;
  private final List<PublishedFile> files;
  private final Consumer<String> progress;

  /**
   * @param locations directories, each ending in a slash; for each file they are tried in this
   *     order
   * @param progress is told one line before each transfer
   */
  Download(List<URI> locations, List<PublishedFile> files, Consumer<String> progress) {
    this.locations = List.copyOf(locations);
    this.files = List.copyOf(files);
    this.progress = progress;
  }

  /** Fetches what the directory lacks; a file appears under its name only whole and verified. */
  void into(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (PublishedFile file : files) {
      if (!Files.exists(directory.resolve(file.name()))) {
        fetch(file, directory);
      }
    }
  }

  /** What is fetched and from where. */
  @Override
  public String toString() {
    return files.stream().map(PublishedFile::name).collect(Collectors.joining(", "))
        + " from "
        + locations.stream().map(URI::toString).collect(Collectors.joining(" or "));
  }

  private void fetch(PublishedFile file, Path directory) throws IOException {
    List<String> failures = new ArrayList<>();
    for (URI location : locations) {
      URI uri = location.resolve(file.name());
      progress.accept(String.format(Locale.ROOT, "downloading %s (%,d bytes)", uri, file.bytes()));
      Path part = Files.createTempFile(directory, file.name(), ".part");
      try {
        transfer(file, uri, part);
        Files.move(part, directory.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (IOException e) {
        failures.add(uri + ": " + reason(e));
      } finally {
        Files.deleteIfExists(part);
      }
    }
    throw new IOException(String.join("; ", failures));
  }

  /** The network's own exceptions often say nothing without their class. */
  static String reason(IOException e) {
    return e.getClass() == IOException.class ? e.getMessage() : e.toString();
  }

  private static void transfer(PublishedFile file, URI uri, Path target) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    try {
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException("HTTP status " + status + ", expected " + HttpURLConnection.HTTP_OK);
      }
      MessageDigest digest = Sha256.digest();
      long received;
      try (InputStream in = connection.getInputStream();
          OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
        received = copy(in, out, file.bytes());
      }
      if (received != file.bytes()) {
        throw new IOException(
            (received > file.bytes() ? "more than " + file.bytes() : received)
                + " bytes, expected "
                + file.bytes());
      }
      String sha256 = Sha256.of(digest);
      if (!sha256.equals(file.sha256())) {
        throw new IOException("SHA-256 " + sha256 + ", expected " + file.sha256());
      }
    } finally {
      connection.disconnect();
    }
  }

  /**
   * Copies at most one byte more than expected: a server decides nothing about the space on this
   * disk.
   */
  private static long copy(InputStream in, OutputStream out, long expected) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long received = 0;
    while (received <= expected) {
      int count = in.read(chunk, 0, (int) Math.min(chunk.length, expected + 1 - received));
      if (count < 0) {
        break;
      }
      out.write(chunk, 0, count);
      received += count;
    }
    return received;
  }
}
