package io.sparkcam.bench;

import io.sparkcam.cli.SparkCam;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the command line does, and how much memory the process had at the most. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+([0-9]+) kB");

  private PeakMemory() {}

  /** Takes the figure's name, then the arguments of the command line. */
  public static void main(String[] args) throws IOException {
    PrintStream out = Figures.takeStandardOutput();
    SparkCam.main(Arrays.copyOfRange(args, 1, args.length));
    Matcher peak = PEAK.matcher(Files.readString(STATUS));
    if (!peak.find()) {
      throw new IOException(STATUS + ": no line like " + PEAK);
    }
    double megabytes = Integer.parseInt(peak.group(1)) / 1024.0;
    new Figures(out, List.of(args[0])).report(args[0], megabytes, "MB");
  }
}
