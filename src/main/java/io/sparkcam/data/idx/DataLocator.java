package io.sparkcam.data.idx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds Fashion-MNIST when no directory was named: the installed package, else this user's cache,
 * else a download into that cache.
 */
public final class DataLocator {
  private final Path packaged;
  private final Path cache;
  private final Download download;

  DataLocator(Path packaged, Path cache, Download download) {
    this.packaged = packaged;
    this.cache = cache;
    this.download = download;
  }

  /**
   * Looks where Debian installs the data and where this user caches it; downloads from the authors.
   */
  public static DataLocator standard(Consumer<String> progress) {
    return new DataLocator(
        FashionMnist.PACKAGED,
        cacheDirectory(System.getenv(), Path.of(System.getProperty("user.home"))),
        new Download(FashionMnist.PUBLISHED_AT, FashionMnist.FILES, progress));
  }

  /** By the XDG base directory specification, which has relative paths ignored. */
  static Path cacheDirectory(Map<String, String> environment, Path home) {
    Path named = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    return (named.isAbsolute() ? named : home.resolve(".cache"))
        .resolve("sparkcam")
        .resolve("fashion-mnist");
  }

  /** Its directory; downloaded if it is nowhere on this machine. */
  public Path locate() throws IOException {
    if (Files.isDirectory(packaged)) {
      return packaged;
    }
    try {
      download.into(cache);
    } catch (IOException e) {
      throw new IOException(
          """
Fashion-MNIST is neither in %s nor in %s and could not be downloaded (%s). \
Install it (apt-get install dataset-fashion-mnist), or name a directory that holds its four files \
(--data DIR), or download them by hand into %s: %s\
"""
              .formatted(packaged, cache, Download.reason(e), cache, download),
          e);
    }
    return cache;
  }
}
