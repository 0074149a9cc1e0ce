package io.sparkcam.cluster;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** A broadcast that lives exactly as long as the block it is opened in. */
public final class ReleasedBroadcast<T> implements AutoCloseable {
  private final Broadcast<T> broadcast;

  public ReleasedBroadcast(JavaSparkContext sc, T value) {
    broadcast = sc.broadcast(value);
  }

  /** What tasks capture: they read its value, the driver's object never travels with them. */
  public Broadcast<T> handle() {
    return broadcast;
  }

  @Override
  public void close() {
    broadcast.destroy();
  }
}
