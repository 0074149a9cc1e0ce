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

/**
 * Disturbs one task: the first attempt at the first partition of a stage. Every executor leaves its
 * process number in the gate's directory, too.
 */
public final class TaskFaults implements SparkPlugin {
  static final String DIRECTORY = "spark.sparkcam.fault.gate";

  /**
   * The stage: a regular expression of its job's description and its name, {@code explanation -
   * collect at A.java:7}.
   */
  static final String STAGE = "spark.sparkcam.fault.stage";

  /** What happens to its task, a {@link Kind}. */
  static final String KIND = "spark.sparkcam.fault.kind";

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
    private Gate gate;

    @Override
    public void init(PluginContext pluginContext, Map<String, String> none) {
      context = pluginContext;
      Path directory = Path.of(context.conf().get(DIRECTORY));
      gate = new Gate(directory);
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
      if (task.partitionId() == 0 && task.attemptNumber() == 0 && here(task) && gate.reach()) {
        disturb(task, Kind.valueOf(context.conf().get(KIND)));
      }
    }

    private boolean here(TaskContext task) {
      try {
        String stage = (String) context.ask(task.stageId());
        return stage.matches(context.conf().get(STAGE, ""));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private void disturb(TaskContext task, Kind kind) {
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
