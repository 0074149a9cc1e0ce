package io.sparkcam.cluster;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Working copies of something costly to build, kept in one JVM from task to task: at most as many
 * as tasks ever ran at once. What is borrowed belongs to the borrower until it is returned; a copy
 * whose task failed is not returned.
 */
public final class ObjectPool {
  private static final Map<Object, Queue<Object>> IDLE = new ConcurrentHashMap<>();

  private ObjectPool() {}

  /**
   * An idle copy for {@code key}, else a new one. Equal keys must stand for the same type and the
   * same {@code maker}.
   */
  @SuppressWarnings("unchecked") // by the contract of the key
  public static <T> T borrow(Object key, Supplier<T> maker) {
    Queue<Object> idle = IDLE.get(key);
    Object copy = idle == null ? null : idle.poll();
    return copy == null ? maker.get() : (T) copy;
  }

  /** Gives a copy back for the next borrower of {@code key}. */
  public static void giveBack(Object key, Object copy) {
    IDLE.computeIfAbsent(key, k -> new ConcurrentLinkedQueue<>()).add(copy);
  }
}
