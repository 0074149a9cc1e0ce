package io.sparkcam.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ObjectPoolTest {
  private final AtomicInteger made = new AtomicInteger();

  private Object borrow(String key) {
    return ObjectPool.borrow(
        List.of(ObjectPoolTest.class, key), () -> new int[] {made.incrementAndGet()});
  }

  private static void giveBack(String key, Object copy) {
    ObjectPool.giveBack(List.of(ObjectPoolTest.class, key), copy);
  }

  @Test
  void whatIsReturnedIsLentAgain() {
    Object first = borrow("a");
    giveBack("a", first);
    assertSame(first, borrow("a"));
    assertEquals(1, made.get());
  }

  @Test
  void noCopyIsLentTwiceAtOnce() {
    Object first = borrow("b");
    Object second = borrow("b");
    assertNotSame(first, second);
    giveBack("b", second);
    assertSame(second, borrow("b"));
    // The first was never returned: a new one is made.
    assertNotSame(first, borrow("b"));
    assertEquals(3, made.get());
  }

  @Test
  void keysDoNotMix() {
    giveBack("c", borrow("c"));
    borrow("d");
    assertEquals(2, made.get());
  }
}
