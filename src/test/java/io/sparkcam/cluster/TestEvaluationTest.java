package io.sparkcam.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SharedSpark
class TestEvaluationTest {
  @TempDir static Path directory;
  private static IndexedImages images;

  @BeforeAll
  static void store(JavaSparkContext sc) throws IOException {
    images = new IndexedImages(sc, FashionExtract.storeTest(directory));
  }

  private static BroadcastModel golden(JavaSparkContext sc) throws IOException {
    return new BroadcastModel(sc, GoldenNetwork.MODEL, Engine.FAST, GoldenNetwork.parameters());
  }

  @ParameterizedTest
  @CsvSource({"200, 1", "50, 2", "17, 7"})
  void countsAndLossOfEveryImage(int blockSize, int partitions, JavaSparkContext sc)
      throws IOException {
    ImageBlock all = FashionExtract.test();
    ForwardPass classifier =
        new ForwardPass(GoldenNetwork.MODEL, Engine.FAST.featureMaps(GoldenNetwork.MODEL));
    classifier.load(GoldenNetwork.parameters());
    classifier.classify(all, 0, all.count());
    long[][] counts = new long[10][10];
    double loss = 0;
    long correct = 0;
    for (int n = 0; n < all.count(); n++) {
      int label = all.labels()[n];
      counts[label][classifier.predicted(n)]++;
      correct += classifier.predicted(n) == label ? 1 : 0;
      double sum = 0;
      for (int c = 0; c < 10; c++) {
        sum +=
            Math.exp(
                (double) classifier.logits()[n * 10 + c] - classifier.logits()[n * 10 + label]);
      }
      loss += Math.log(sum);
    }

    try (BroadcastModel model = golden(sc)) {
      TestEvaluation found =
          TestEvaluation.of(model.handle(), images.blocks(0, 200, blockSize, partitions));
      assertEquals(200, found.images());
      assertEquals(correct / 200.0, found.accuracy());
      assertTrue(found.accuracy() > 0.85);
      for (int label = 0; label < 10; label++) {
        for (int predicted = 0; predicted < 10; predicted++) {
          assertEquals(counts[label][predicted], found.counts()[label][predicted]);
        }
      }
      // Only the order of additions in double precision differs.
      assertEquals(loss / 200, found.loss(), 1e-12);
    }
  }

  @Test
  void broadcastEndsWithItsBlock(JavaSparkContext sc) throws IOException {
    BroadcastModel.Handle handle;
    try (BroadcastModel model = golden(sc)) {
      handle = model.handle();
      assertEquals(GoldenNetwork.MODEL, handle.model());
      assertArrayEquals(GoldenNetwork.parameters(), handle.parameters());
    }
    assertTrue(
        assertThrows(SparkException.class, handle::parameters).getMessage().contains("destroyed"));
  }
}
