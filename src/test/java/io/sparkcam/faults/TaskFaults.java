package io.sparkcam.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * Disturbs tasks, each at its first attempt. Every executor leaves its process number beside the
 * gates, too.
 */
public final class TaskFaults implements SparkPlugin {
  static final String DIRECTORY = "spark.sparkcam.fault.gate";

  /**
   * With a fault's number behind it: what happens, a {@link Kind}, and a regular expression of
   * where, the job's description, the stage's name and the partition such as {@code explanation -
   * collect at A.java:7 - 0}.
   */
  static final String AT = "spark.sparkcam.fault.task.";

  static final String EXECUTOR = "executor-";

  /** What happens to the task. */
  enum Kind {
    /** It fails when its work is done, before anybody gets the result. */
    THROW_AT_THE_END,
    /** It is interrupted, which its next read from a file does not survive. */
    INTERRUPT,
    /** It waits, most likely to be killed. */
    HOLD,
    /** It waits until another attempt has succeeded, and then does all its work nevertheless. */
    OUTLAST
  }

  /** On the driver, which alone knows what stages are called. */
  private static final class Names implements DriverPlugin {
    private final Map<Integer, CompletableFuture<String>> names = new ConcurrentHashMap<>();

    private CompletableFuture<String> name(int stage) {
      return names.computeIfAbsent(stage, s -> new CompletableFuture<>());
    }

    @Override
    public Map<String, String> init(SparkContext sc, PluginContext context) {
      sc.addSparkListener(
          new SparkListener() {
            @Override
            public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
              int stage = submitted.stageInfo().stageId();
              String job = submitted.properties().getProperty("spark.job.description", "");
              name(stage).complete(job + " - " + submitted.stageInfo().name());
            }
          });
      return Map.of();
    }

    @Override
    public Object receive(Object stage) throws Exception {
      return name((Integer) stage).get();
    }
  }

  private static final class Disturbance implements ExecutorPlugin {
    private PluginContext context;
    private Path directory;
    private Tuple2<String, String>[] faults;

    @Override
    public void init(PluginContext pluginContext, Map<String, String> none) {
      context = pluginContext;
      directory = Path.of(context.conf().get(DIRECTORY));
      faults = context.conf().getAllWithPrefix(AT);
      try {
        Path process = directory.resolve(EXECUTOR + ProcessHandle.current().pid());
        Files.writeString(process, context.executorID());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      if (task.attemptNumber() > 0 || faults.length == 0) {
        return;
      }
      String here = stage(task) + " - " + task.partitionId();
      for (Tuple2<String, String> fault : faults) {
        String[] words = fault._2().split(" ", 2);
        Gate gate = new Gate(directory, Integer.parseInt(fault._1()));
        if (here.matches(words[1]) && gate.reach()) {
          disturb(task, Kind.valueOf(words[0]), gate);
          return;
        }
      }
    }

    private String stage(TaskContext task) {
      try {
        return (String) context.ask(task.stageId());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private static void disturb(TaskContext task, Kind kind, Gate gate) {
      switch (kind) {
        case THROW_AT_THE_END ->
            task.addTaskCompletionListener(
                (TaskCompletionListener)
                    ended -> {
                      throw new IllegalStateException("this attempt was to fail");
                    });
        case INTERRUPT -> Thread.currentThread().interrupt();
        case HOLD, OUTLAST -> {
          try {
            gate.hold();
          } catch (InterruptedException e) {
            // The other attempt has won. This one's interruption ends here: it goes on.
          }
        }
      }
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new Names();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Disturbance();
  }
}
