package io.sparkcam.job;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.run.RunCheckpoints;
import io.sparkcam.run.UnpublishedRun;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out which run {@code --resume} means, and what of it is not to be decided again. */
public final class ResumedSettings {
  private static final Logger LOG = LoggerFactory.getLogger(ResumedSettings.class);

  private ResumedSettings() {}

  /**
   * The settings to resume with: those given, the name of the newest unfinished run where none was,
   * and the number of workers that it was begun with where that is left to the program.
   *
   * @throws IOException if no run is unfinished, or another command began it
   */
  public static Settings settle(Settings given, String command, Configuration hadoop)
      throws IOException {
    if (!given.get(Setting.RESUME)) {
      return given;
    }
    Settings named = given;
    if (!given.namesRun()) {
      named = given.with(Setting.RUN_ID, newest(given.output(), hadoop));
      LOG.info("resume: the newest unfinished run is {}", named.runId());
    }
    Optional<RunStart> begun =
        RunStart.read(RunCheckpoints.of(named.output(), named.runId(), hadoop));
    if (begun.isPresent() && !begun.get().command().equals(command)) {
      throw new IOException(
          "%s/%s: this run was started by the command %s; resume it with that command"
              .formatted(named.output(), named.runId(), begun.get().command()));
    }
    return begun.isPresent() && given.get(Setting.WORKERS).isEmpty()
        ? named.with(Setting.WORKERS, String.valueOf(begun.get().workers()))
        : named;
  }

  private static String newest(String output, Configuration hadoop) throws IOException {
    List<UnpublishedRun> left = UnpublishedRun.under(output, hadoop);
    Optional<UnpublishedRun> newest = Optional.empty();
    for (UnpublishedRun run :
        left.stream().sorted(Comparator.comparing(UnpublishedRun::modified)).toList()) {
      if (run.state() != UnpublishedRun.State.BEING_MADE && !run.published()) {
        newest = Optional.of(run);
      }
    }
    return newest
        .map(UnpublishedRun::runId)
        .orElseThrow(() -> new IOException(output + ": there is no unfinished run to resume"));
  }
}
