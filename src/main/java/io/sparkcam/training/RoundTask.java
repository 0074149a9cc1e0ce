package io.sparkcam.training;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * {@link LocalSteps} as the function of a Spark job itself: what goes through Spark's
 * transformations, or is a lambda, has its bytecode searched for outer references each time, which
 * takes milliseconds of a round.
 */
final class RoundTask extends AbstractFunction2<TaskContext, Iterator<Shard>, RoundResult>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LocalSteps steps;
  private final Broadcast<byte[]> start;

  /**
   * @param start parameters, then moments
   */
  RoundTask(LocalSteps steps, Broadcast<byte[]> start) {
    this.steps = steps;
    this.start = start;
  }

  @Override
  public RoundResult apply(TaskContext context, Iterator<Shard> shard) {
    return steps.on(start.value(), shard.next());
  }
}
