package io.sparkcam.job;

import io.sparkcam.run.RunDirectory;
import io.sparkcam.storage.Storage;
import io.sparkcam.text.Console;
import java.io.IOException;

/**
 * Says, when the process is told to end (SIGINT, SIGTERM, SIGHUP) while a run is made, what is kept
 * of it and how to go on. Of a run that ended by itself, well or not, it says nothing.
 */
final class StopNotice implements AutoCloseable {
  private final Thread hook;

  private StopNotice(Thread hook) {
    this.hook = hook;
  }

  /** Until it is closed. */
  static StopNotice of(RunDirectory run, String command, String output, Console console) {
    Thread hook = new Thread(() -> tell(run, command, output, console), "stop-notice");
    Runtime.getRuntime().addShutdownHook(hook);
    return new StopNotice(hook);
  }

  private static void tell(RunDirectory run, String command, String output, Console console) {
    console.err().println("sparkcam: stopped: " + notice(run, command, output));
    console.err().flush();
  }

  static String notice(RunDirectory run, String command, String output) {
    String id = run.runId();
    try {
      return run.resumable()
          ? "%s keeps what is done, %s --resume --run-id %s --output %s with the same options goes on, clean %s removes it"
              .formatted(run.checkpoints().name(), command, id, output, id)
          : "nothing of run %s is kept yet, clean removes its traces from %s"
              .formatted(id, Storage.name(Storage.path(output)));
    } catch (IOException | IllegalStateException e) {
      return "run %s is not published; --resume --run-id %s goes on, where anything is kept"
          .formatted(id, id);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and the notice is given.
      hook.setName("stop-notice given");
    }
  }
}
