package io.sparkcam.bench;

import io.sparkcam.cam.ClassActivation;
import io.sparkcam.cam.Zoom;
import java.io.PrintStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * From features (3, 3, 128) to one class's map (28, 28): the product with the class's weights, then
 * the zoom, for a batch of images, on one thread.
 */
@State(Scope.Thread)
public class CamZoom {
  private static final String NAME = "cam_zoom_maps_per_s";
  private static final int BATCH = 64;
  private static final int CELLS = 3;
  private static final int CHANNELS = 128;
  private static final int PIXELS = 28;
  private static final int ORDER = 2;

  private final float[] features = random(BATCH * CELLS * CELLS * CHANNELS);
  private final ClassActivation activation =
      new ClassActivation(CELLS, CELLS, CHANNELS, 1, random(CHANNELS), new float[1]);
  private final Zoom zoom = Zoom.cornerAligned(CELLS, CELLS, PIXELS, PIXELS, ORDER);
  private final float[] low = new float[BATCH * CELLS * CELLS];
  private final float[] maps = new float[BATCH * PIXELS * PIXELS];

  private static float[] random(int count) {
    Random random = new Random(1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public float[] map() {
    activation.maps(features, BATCH, low);
    for (int image = 0; image < BATCH; image++) {
      zoom.zoom(low, image * CELLS * CELLS, maps, image * PIXELS * PIXELS);
    }
    return maps;
  }

  /** Takes the effort. */
  public static void main(String[] args) throws RunnerException {
    PrintStream out = Figures.takeStandardOutput();
    Effort effort = Effort.named(args[0]);
    TimeValue time = TimeValue.milliseconds(effort.zoomMilliseconds());
    Options options =
        new OptionsBuilder()
            .include(CamZoom.class.getName())
            .mode(Mode.Throughput)
            .timeUnit(TimeUnit.SECONDS)
            .threads(1)
            .forks(effort.zoomForks())
            .warmupIterations(effort.zoomIterations())
            .warmupTime(time)
            .measurementIterations(effort.zoomIterations())
            .measurementTime(time)
            .verbosity(VerboseMode.SILENT)
            .build();
    double mapsPerSecond = new Runner(options).runSingle().getPrimaryResult().getScore();
    new Figures(out, List.of(NAME)).report(NAME, mapsPerSecond, "maps/s");
  }
}
