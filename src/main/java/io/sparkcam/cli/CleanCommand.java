package io.sparkcam.cli;

import io.sparkcam.run.ScratchDirectory;
import io.sparkcam.run.UnpublishedRun;
import io.sparkcam.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Removes what dead runs left. What can be resumed counts as left only where it is asked for: by
 * the run's name, or all of it.
 *
 * @param run to clean up after; empty: after every run
 */
record CleanCommand(String run, Set<Mode> modes) {
  private static final int KIBI = 1024;

  /** How to go about it. */
  enum Mode {
    /** Only says what would be removed. */
    DRY_RUN,
    /** Removes what could be resumed, too. */
    ALL
  }

  CleanCommand {
    modes = Set.copyOf(modes);
  }

  /** Cleans an output directory, and says what was removed and what was not. */
  void clean(String output, Configuration hadoop, Clock clock, PrintWriter out) throws IOException {
    List<UnpublishedRun> found =
        UnpublishedRun.under(output, hadoop).stream()
            .filter(left -> run.isEmpty() || left.runId().equals(run))
            .toList();
    long bytes = 0;
    int count = 0;
    for (UnpublishedRun left : found) {
      String kept = whyKept(left);
      boolean removes = kept.isEmpty() && !modes.contains(Mode.DRY_RUN);
      String verb = removes ? "removed" : kept.isEmpty() ? "would remove" : "kept";
      if (removes) {
        left.remove();
      }
      for (UnpublishedRun.Entry entry : left.entries()) {
        out.printf(
            "%s %s (%s, %s old)%s%n",
            verb,
            Printable.of(entry.name()),
            size(entry.bytes()),
            age(Duration.between(entry.modified(), clock.instant())),
            Printable.of(kept));
        count += kept.isEmpty() ? 1 : 0;
        bytes += kept.isEmpty() ? entry.bytes() : 0;
      }
    }
    if (count == 0) {
      out.println("nothing to remove in " + Printable.of(output));
    } else {
      String total = modes.contains(Mode.DRY_RUN) ? "would be removed" : "removed";
      out.printf("%s of %s files and directories %s%n", size(bytes), count, total);
    }
  }

  /** Removes what killed processes unpacked and spilled below a local directory. */
  void cleanScratch(String parent, PrintWriter out) throws IOException {
    if (!run.isEmpty()) {
      return;
    }
    for (Path dead : ScratchDirectory.dead(Path.of(parent))) {
      boolean removes = !modes.contains(Mode.DRY_RUN);
      if (removes) {
        ScratchDirectory.remove(dead);
      }
      out.printf("%s %s%n", removes ? "removed" : "would remove", dead);
    }
  }

  private String whyKept(UnpublishedRun left) {
    return switch (left.state()) {
      case BEING_MADE -> ": made by " + left.holder();
      case RESUMABLE ->
          run.isEmpty() && !modes.contains(Mode.ALL)
              ? ": --resume --run-id %s goes on; clean %s or --all removes it"
                  .formatted(left.runId(), left.runId())
              : "";
      case DEAD -> "";
    };
  }

  private static String size(long bytes) {
    if (bytes < KIBI) {
      return bytes + " B";
    }
    double kibi = (double) bytes / KIBI;
    return kibi < KIBI
        ? String.format(Locale.ROOT, "%.1f KiB", kibi)
        : String.format(Locale.ROOT, "%.1f MiB", kibi / KIBI);
  }

  private static String age(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + " d";
    }
    if (age.toHours() > 0) {
      return age.toHours() + " h";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
  }
}
