package io.sparkcam.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * What tasks of one JVM read of chunks, kept from task to task as long as there is space: a quarter
 * of the heap, at least {@value #LEAST} bytes. What was used longest ago goes first, and is read
 * again when it is wanted again. Of several that want the same at once, one reads it.
 */
public final class BlockCache {
  private static final long LEAST = 128L << 20;

  /** Of this JVM. */
  public static final BlockCache SHARED =
      new BlockCache(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 4));

  private static final Executor AHEAD =
      Executors.newFixedThreadPool(
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          work -> {
            Thread thread = new Thread(work, "read-ahead");
            thread.setDaemon(true);
            return thread;
          });

  private final long capacity;
  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long weight;

  BlockCache(long capacity) {
    this.capacity = capacity;
  }

  private record Entry(CompletableFuture<Object> value, long weight) {}

  /** Reads what is not there. */
  @FunctionalInterface
  public interface Loader<T> {
    T load() throws IOException;
  }

  /**
   * What is kept under a key, else what the loader reads.
   *
   * @param key stands for one type and one content
   * @param weight of the value, in bytes
   */
  @SuppressWarnings("unchecked") // by the contract of the key
  public <T> T get(String key, long weight, Loader<T> loader) throws IOException {
    while (true) {
      Entry mine = new Entry(new CompletableFuture<>(), weight);
      Entry found = putIfAbsent(key, mine);
      if (found == null) {
        return load(key, mine, loader);
      }
      try {
        return (T) found.value().get();
      } catch (ExecutionException e) {
        // Whoever read it failed, for reasons that may be its own: a task that was killed.
        remove(key, found);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while another task reads " + key);
      }
    }
  }

  /** Has it read meanwhile, unless it is there. A failure is that of whoever wants it later. */
  public <T> void readAhead(String key, long weight, Loader<T> loader) {
    synchronized (this) {
      if (entries.containsKey(key)) {
        return;
      }
    }
    AHEAD.execute(
        () -> {
          try {
            get(key, weight, loader);
          } catch (IOException | RuntimeException e) {
            return;
          }
        });
  }

  private <T> T load(String key, Entry mine, Loader<T> loader) throws IOException {
    boolean loaded = false;
    try {
      T value = loader.load();
      mine.value().complete(value);
      loaded = true;
      return value;
    } finally {
      if (!loaded) {
        remove(key, mine);
        mine.value().completeExceptionally(new IOException("not read"));
      }
    }
  }

  private synchronized Entry putIfAbsent(String key, Entry entry) {
    Entry found = entries.get(key);
    if (found != null) {
      return found;
    }
    entries.put(key, entry);
    weight += entry.weight();
    Iterator<Entry> eldest = entries.values().iterator();
    while (weight > capacity && entries.size() > 1) {
      weight -= eldest.next().weight();
      eldest.remove();
    }
    return null;
  }

  private synchronized void remove(String key, Entry entry) {
    if (entries.remove(key, entry)) {
      weight -= entry.weight();
    }
  }

  /** Drops all whose keys begin so. */
  public synchronized void forget(String start) {
    entries
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = entry.getKey().startsWith(start);
              weight -= gone ? entry.getValue().weight() : 0;
              return gone;
            });
  }

  /** Of all that is kept, in bytes. */
  synchronized long weight() {
    return weight;
  }
}
