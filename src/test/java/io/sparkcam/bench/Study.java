package io.sparkcam.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.cli.DefaultSettings;
import io.sparkcam.config.Setting;
import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.Part;
import io.sparkcam.data.ValidationSplit;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.network.GapCnn;
import io.sparkcam.table.RowsWriter;
import io.sparkcam.testing.FashionExtract;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.types.StructType;

/**
 * Accuracy by number of workers, recipe and seed: {@link Simulation}s on the training images of the
 * installation, validated on those it holds out. The test images are never looked at.
 *
 * <p>A training that is done is in {@code points.jsonl}, and is not made again. In the end {@code
 * study.parquet} holds all points, {@code study.svg} draws the medians, and a table of them is
 * printed.
 */
final class Study {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path directory;
  private final List<StudyPoint> points = new ArrayList<>();

  private Study(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    if (Files.exists(lines())) {
      for (String line : Files.readAllLines(lines())) {
        points.addAll(Arrays.asList(JSON.readValue(line, StudyPoint[].class)));
      }
    }
  }

  /** A training to make. */
  record Case(String recipe, int workers, long seed, int epochs) {
    /** {@code steady} or {@code steady:adam-beta2=0.9,batch-size=8}: settings by key. */
    DefaultSettings settings() throws IOException {
      Map<String, String> flags = new LinkedHashMap<>();
      String[] parts = recipe.split(":", 2);
      flags.put("recipe", parts[0]);
      if (parts.length == 2) {
        for (String setting : parts[1].split(",", -1)) {
          String[] keyAndValue = setting.split("=", 2);
          flags.put(keyAndValue[0], keyAndValue[1]);
        }
      }
      flags.put("workers", String.valueOf(workers));
      flags.put("seed", String.valueOf(seed));
      flags.put("epochs", String.valueOf(epochs));
      return DefaultSettings.of(flags);
    }
  }

  public static void main(String... arguments) throws Exception {
    PrintStream out = Figures.takeStandardOutput();
    of(arguments).forEach(out::println);
  }

  /**
   * Studies.
   *
   * @param arguments directory, threads, then comma-separated lists of epochs, workers and seeds,
   *     then recipes
   * @return the table of medians
   */
  static List<String> of(String... arguments) throws Exception {
    Study study = new Study(Path.of(arguments[0]));
    List<Case> cases = new ArrayList<>();
    for (String seed : arguments[4].split(",", -1)) {
      for (String recipe : List.of(arguments).subList(5, arguments.length)) {
        for (String epochs : arguments[2].split(",", -1)) {
          for (String workers : arguments[3].split(",", -1)) {
            cases.add(
                new Case(
                    recipe,
                    Integer.parseInt(workers),
                    Long.parseLong(seed),
                    Integer.parseInt(epochs)));
          }
        }
      }
    }
    study.make(cases, Integer.parseInt(arguments[1]));
    study.writeTable();
    StudyChart.write(study.points, study.directory.resolve("study.svg"));
    return study.medians();
  }

  private Path lines() {
    return directory.resolve("points.jsonl");
  }

  private void make(List<Case> cases, int threads) throws Exception {
    Images images = Images.of(cases.get(0).settings(), directory);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> trainings = new ArrayList<>();
    for (Case training : cases) {
      if (points.stream().noneMatch(point -> point.isOf(training))) {
        trainings.add(
            pool.submit(
                () -> {
                  keep(train(training, images));
                  return null;
                }));
      }
    }
    pool.shutdown();
    for (Future<?> training : trainings) {
      training.get();
    }
  }

  /**
   * The training images, stored and in memory.
   *
   * @param index of the stored ones
   */
  private record Images(ImageIndex index, ImageBlock all) {
    static Images of(DefaultSettings settings, Path directory) throws IOException {
      Path stored = Files.createTempDirectory(directory, "stored");
      ImageIndex index = FashionExtract.store(settings.data(), Part.TRAIN, ImageSource.ALL, stored);
      try (ChunkReader reader = new ChunkReader(index, new Configuration())) {
        return new Images(index, reader.read(0, Math.toIntExact(index.count())));
      } finally {
        FileUtil.fullyDelete(stored.toFile());
      }
    }
  }

  private static List<StudyPoint> train(Case training, Images images) throws IOException {
    DefaultSettings settings = training.settings();
    ImageIndex index = images.index;
    int count =
        Math.toIntExact(
            new ValidationSplit(index.count(), settings.settings().get(Setting.VALIDATION_SPLIT))
                .trainingCount());
    ImageShape shape = index.shape();
    GapCnn model = GapCnn.lab(shape.height(), shape.width(), shape.channels(), index.classes());
    return new Simulation(model, settings.settings().get(Setting.ENGINE), index, images.all, count)
        .run(settings.trainingPlan(count)).points().stream()
            .map(
                point ->
                    new StudyPoint(
                        training.recipe,
                        training.workers,
                        training.seed,
                        training.epochs,
                        point.epoch(),
                        point.seconds(),
                        point.accuracy()))
            .toList();
  }

  private synchronized void keep(List<StudyPoint> training) throws IOException {
    points.addAll(training);
    Files.writeString(
        lines(),
        JSON.writeValueAsString(training) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void writeTable() throws IOException {
    StructType schema =
        new StructType()
            .add("recipe", "string", false)
            .add("workers", "int", false)
            .add("seed", "long", false)
            .add("epochs", "int", false)
            .add("epoch", "int", false)
            .add("processor_seconds", "double", false)
            .add("val_accuracy", "double", false);
    points.sort(
        Comparator.comparing(StudyPoint::recipe)
            .thenComparing(StudyPoint::workers)
            .thenComparing(StudyPoint::epochs)
            .thenComparing(StudyPoint::seed)
            .thenComparing(StudyPoint::epoch));
    Path file = directory.resolve("study.parquet");
    try (RowsWriter writer = RowsWriter.of(schema, Files.newOutputStream(file))) {
      for (StudyPoint point : points) {
        writer.write(
            point.recipe(),
            point.workers(),
            point.seed(),
            point.epochs(),
            point.epoch(),
            point.seconds(),
            point.accuracy());
      }
    }
  }

  /** Of the last epoch, a line a recipe, length and number of workers. */
  private List<String> medians() {
    Map<String, List<Double>> last = new TreeMap<>();
    for (StudyPoint point : points) {
      if (point.epoch() == point.epochs()) {
        last.computeIfAbsent(
                "%s, %2d epochs, %2d workers"
                    .formatted(point.recipe(), point.epochs(), point.workers()),
                key -> new ArrayList<>())
            .add(point.accuracy());
      }
    }
    List<String> lines = new ArrayList<>();
    last.forEach(
        (name, accuracies) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%s: median %.4f, lowest %.4f, highest %.4f of %d seeds",
                    name,
                    Figures.median(accuracies),
                    accuracies.stream().mapToDouble(x -> x).min().orElseThrow(),
                    accuracies.stream().mapToDouble(x -> x).max().orElseThrow(),
                    accuracies.size())));
    return lines;
  }
}
