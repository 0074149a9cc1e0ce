package io.sparkcam.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.AdamRule;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.Initialisation;
import io.sparkcam.network.TrainingState;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.training.TrainingPlan.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SharedSpark
class ResumedTrainingTest {
  private static final GapCnn LAB = GapCnn.lab(28, 28, 1, 10);

  /** Two epochs of 5 rounds, each of which leaves a velocity and an average of the weights. */
  private static final TrainingPlan PLAN =
      new TrainingPlan(
          2,
          3,
          8,
          2,
          2e-3,
          Schedule.COSINE,
          11,
          Initialisation.HE,
          new AdamRule(0.99),
          Augmentation.FLIPS,
          new OuterLoop.Plan(0.7, 0.8, 0.6));

  private static final int COUNT = 200;

  @TempDir static Path directory;
  private static IndexedImages images;
  private static byte[] undisturbed;
  private static final Recorded RECORDED = new Recorded(0, Integer.MAX_VALUE);

  private final JavaSparkContext sc;

  ResumedTrainingTest(JavaSparkContext sc) {
    this.sc = sc;
  }

  @BeforeAll
  static void trainUndisturbed(JavaSparkContext sc) throws IOException {
    images = new IndexedImages(sc, FashionExtract.storeTraining(directory));
    undisturbed = model(training(sc, RECORDED).run(images, COUNT, held()));
  }

  private static Optional<JavaRDD<ImageBlock>> held() {
    return Optional.of(images.blocks(COUNT, COUNT + 40, 40, 1));
  }

  private static Training training(JavaSparkContext sc, Recorded recorded) {
    return new Training(sc, LAB, Engine.FAST, PLAN, recorded, recorded);
  }

  private static byte[] model(Model network) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelZip.write(network, out);
    return out.toByteArray();
  }

  /** Keeps checkpoints as files, and stops training when it is told of so many rounds. */
  private static final class Recorded implements TrainingProgress, CheckpointKeeper {
    final List<byte[]> kept = new ArrayList<>();
    final List<EpochRecord> epochs = new ArrayList<>();
    private final int every;
    private final int rounds;
    private int told;

    Recorded(int every, int rounds) {
      this.every = every;
      this.rounds = rounds;
    }

    @Override
    public void epochStarted(int epoch, int count, long size) {}

    @Override
    public void trained(long size, double loss, double accuracy) {
      told++;
      if (told == rounds) {
        throw new IllegalStateException("power cut");
      }
    }

    @Override
    public void epochEnded(EpochRecord record) {
      epochs.add(record);
    }

    @Override
    public boolean wants(int round) {
      return every > 0 && round % every == 0;
    }

    @Override
    public void keep(TrainingCheckpoint checkpoint) {
      try {
        kept.add(new CheckpointFile(Map.of("seed", "11"), checkpoint).bytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Cut off in the round of that number, of ten: within the first epoch, in its last round, in the
   * next, at the very end; and cut off again in the same way until it is done.
   */
  @ParameterizedTest
  @CsvSource({"1, 3", "2, 4", "1, 5", "3, 7", "2, 8", "5, 10"})
  void interruptedTrainingEndsWithTheSameBytes(int every, int rounds) throws IOException {
    byte[] last = new byte[0];
    List<EpochRecord> history = List.of();
    byte[] model = new byte[0];
    for (int processes = 1; model.length == 0; processes++) {
      assertTrue(processes < 12, "it never ends");
      Recorded recorded = new Recorded(every, rounds);
      Training training = training(sc, recorded);
      try {
        if (last.length == 0) {
          model = model(training.run(images, COUNT, held()));
          history = recorded.epochs;
        } else {
          TrainingCheckpoint start = CheckpointFile.read(last, "last").checkpoint();
          model = model(training.resume(start, images, COUNT, held()));
          history = new ArrayList<>(start.history());
          history.addAll(recorded.epochs);
        }
      } catch (IllegalStateException e) {
        assertEquals("power cut", e.getMessage());
      }
      last = recorded.kept.isEmpty() ? last : recorded.kept.get(recorded.kept.size() - 1);
    }
    assertArrayEquals(undisturbed, model);
    assertEquals(untimed(RECORDED.epochs), untimed(history));
  }

  private static List<List<Double>> untimed(List<EpochRecord> epochs) {
    return epochs.stream()
        .map(
            e ->
                List.of(
                    (double) e.epoch(),
                    e.loss(),
                    e.accuracy(),
                    e.valLoss(),
                    e.valAccuracy(),
                    e.learningRate()))
        .toList();
  }

  @Test
  void finishedTrainingIsNotTrainedAgain() throws IOException {
    byte[] last = RECORDED.kept.get(RECORDED.kept.size() - 1);
    Recorded recorded = new Recorded(1, 1);
    Model network =
        training(sc, recorded)
            .resume(CheckpointFile.read(last, "last").checkpoint(), images, COUNT, held());
    assertArrayEquals(undisturbed, model(network));
    assertEquals(List.of(), recorded.epochs);
  }

  private static CheckpointFile sample() {
    float[] parameters = {1, Float.MIN_VALUE, -0f};
    float[] moments = {1, 2, 3, 4, 5, 6};
    EpochRecord epoch =
        new EpochRecord(1, 0.1, 0.2, Double.NaN, Double.NaN, 1e-3, 1, 2, 3, 4, 5, 6);
    return new CheckpointFile(
        Map.of("--seed", "11"),
        new TrainingCheckpoint(
            2,
            new PartialEpoch(3, 4, 0.1 + 0.2, 5, 6, 7, 8, 9, 10),
            new TrainingState(parameters, moments, 17),
            new OuterLoop.State(new float[] {7, 8, 9}, new float[] {10, -11, 12}),
            List.of(epoch)));
  }

  @Test
  void fileHoldsEveryBitOfACheckpoint() throws IOException {
    CheckpointFile written = sample();
    CheckpointFile read = CheckpointFile.read(written.bytes(), "file");
    assertEquals(written.origin(), read.origin());
    assertEquals(written.checkpoint().partial(), read.checkpoint().partial());
    assertEquals(written.checkpoint().history(), read.checkpoint().history());
    assertEquals(17, read.checkpoint().state().iteration());
    assertArrayEquals(
        written.checkpoint().state().parameters(), read.checkpoint().state().parameters());
    assertArrayEquals(
        written.checkpoint().outer().velocity(), read.checkpoint().outer().velocity());
    assertArrayEquals(written.checkpoint().outer().average(), read.checkpoint().outer().average());
    assertArrayEquals(written.checkpoint().state().moments(), read.checkpoint().state().moments());
    assertArrayEquals(written.bytes(), read.bytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 21, 23, 40, 300, -40, -1})
  void anyOtherByteIsNoticed(int position) throws IOException {
    byte[] bytes = sample().bytes();
    bytes[position < 0 ? bytes.length + position : position] ^= 1;
    IOException refused =
        assertThrows(IOException.class, () -> CheckpointFile.read(bytes, "last.checkpoint"));
    assertTrue(refused.getMessage().startsWith("last.checkpoint: "), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 22, 100})
  void cutFileIsNoticed(int length) throws IOException {
    byte[] bytes = Arrays.copyOf(sample().bytes(), length);
    assertThrows(IOException.class, () -> CheckpointFile.read(bytes, "last.checkpoint"));
  }

  /** The first step is beyond what a float holds, while the loss before it is not. */
  @Test
  void shardOfParametersThatAreNotFiniteIsNamed() {
    TrainingPlan plan = new TrainingPlan(1, 2, 20, 1, 1e39, Schedule.CONSTANT, 1);
    Recorded recorded = new Recorded(1, Integer.MAX_VALUE);
    DivergedException stopped =
        assertThrows(
            DivergedException.class,
            () ->
                new Training(sc, LAB, Engine.FAST, plan, recorded, recorded)
                    .run(images, COUNT, Optional.empty()));
    assertEquals(
        "epoch 1, round 1, shard 0: its parameters are not finite; a lower learning rate may help",
        stopped.getMessage());
    assertEquals(List.of(), recorded.kept);
  }

  /** One step of this size leaves weights that are finite, and nothing else. */
  @Test
  void validationLossThatIsNotFiniteStopsTraining() {
    TrainingPlan plan = new TrainingPlan(2, 2, 20, 1, 1e15, Schedule.CONSTANT, 1);
    Recorded recorded = new Recorded(0, Integer.MAX_VALUE);
    DivergedException stopped =
        assertThrows(
            DivergedException.class,
            () ->
                new Training(sc, LAB, Engine.FAST, plan, recorded, recorded)
                    .run(images, 40, held()));
    String message = stopped.getMessage();
    assertTrue(
        message.matches(
            "epoch 1: the loss of the held-out images is (NaN|Infinity); a lower learning rate may"
                + " help"),
        message);
    assertEquals(List.of(), recorded.kept);
    assertEquals(List.of(), recorded.epochs);
  }
}
