package io.sparkcam.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
  private final BlockCache cache = new BlockCache(100);
  private final AtomicInteger loads = new AtomicInteger();

  private String get(String key, long weight) throws IOException {
    return cache.get(
        key,
        weight,
        () -> {
          loads.incrementAndGet();
          return key + " read";
        });
  }

  @Test
  void whatWasUsedLongestAgoMakesRoom() throws IOException {
    get("a", 40);
    get("b", 40);
    get("a", 40);
    assertEquals(2, loads.get());
    get("c", 40);
    assertEquals(80, cache.weight());
    get("a", 40);
    assertEquals(3, loads.get());
    assertEquals("b read", get("b", 40));
    assertEquals(4, loads.get());
    assertEquals(80, cache.weight());
  }

  @Test
  void whatIsLargerThanTheCacheIsReadAllTheSame() throws IOException {
    get("a", 40);
    assertEquals("huge read", get("huge", 1000));
    assertEquals("b read", get("b", 40));
    assertEquals(40, cache.weight());
  }

  @Test
  void failureIsNotKept() throws IOException {
    assertEquals(
        "no such file",
        assertThrows(
                IOException.class,
                () ->
                    cache.get(
                        "a",
                        40,
                        () -> {
                          throw new IOException("no such file");
                        }))
            .getMessage());
    assertEquals(0, cache.weight());
    assertEquals("a read", get("a", 40));
  }

  @Test
  void ofSeveralThatWantTheSameOneReadsIt() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Callable<String> read =
        () ->
            cache.get(
                "a",
                40,
                () -> {
                  began.countDown();
                  loads.incrementAndGet();
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  return "read";
                });
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<String>> all =
          List.of(threads.submit(read), threads.submit(read), threads.submit(read));
      began.await();
      go.countDown();
      for (Future<String> one : all) {
        assertEquals("read", one.get());
      }
      assertEquals(1, loads.get());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void forgottenKeysAreReadAgain() throws IOException {
    get("epoch 1 shard 0", 10);
    get("epoch 2 shard 0", 10);
    cache.forget("epoch 1");
    assertEquals(10, cache.weight());
    get("epoch 2 shard 0", 10);
    assertEquals(2, loads.get());
  }
}
