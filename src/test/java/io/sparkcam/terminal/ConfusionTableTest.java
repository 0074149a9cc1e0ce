package io.sparkcam.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfusionTableTest {
  @Test
  void rowsAreTrueClassesAndColumnsPredictedOnes() {
    long[][] counts = {{980, 20, 0}, {0, 5, 5}, {0, 0, 0}};
    assertEquals(
        """
        predicted         0     1     2 recall
        0 T-shirt/top   980    20     0  0.980
        1 Trouser         0     5     5  0.500
        2 Bag             0     0     0      -
        precision     1.000 0.200 0.000
        accuracy 0.9752 (985 of 1,010)
        """,
        ConfusionTable.of(List.of("T-shirt/top", "Trouser", "Bag"), counts).text());
  }

  @Test
  void ofManyClassesTheOnesOfLowestRecallAreShown() {
    int size = 300;
    long[][] counts = new long[size][size];
    for (int i = 0; i < size; i++) {
      counts[i][i] = 8;
    }
    counts[299][299] = 1;
    counts[299][4] = 2;
    counts[299][7] = 3;
    counts[20][20] = 0; // without images
    String text =
        ConfusionTable.of(IntStream.range(0, size).mapToObj(i -> "c" + i).toList(), counts).text();
    assertEquals(12, text.lines().count());
    assertEquals(
        List.of(
            "lowest recall images recall precision taken for",
            "299 c299           6  0.167     1.000   7 c7: 3",
            "0 c0               8  1.000     1.000         -"),
        text.lines().limit(3).toList());
    assertTrue(text.endsWith("accuracy 0.9979 (2,385 of 2,390)\n"), text);
  }

  @Test
  void laterChangesToTheCountsDoNotShow() {
    long[][] counts = {{1}};
    ConfusionTable table = ConfusionTable.of(List.of("a"), counts);
    String before = table.text();
    counts[0][0] = 7;
    assertEquals(before, table.text());
  }

  @Test
  void nothingCountedIsNoShareOfAnything() {
    assertEquals(
        """
        predicted 0 recall
        0 a       0      -
        precision -
        accuracy - (0 of 0)
        """,
        ConfusionTable.of(List.of("a"), new long[1][1]).text());
  }

  @Test
  void countsMustBeSquare() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ConfusionTable.of(List.of("a", "b"), new long[][] {{1, 2}, {3}}));
    assertEquals("counts: shape 2 x [2, 1], expected 2 x 2", e.getMessage());
  }
}
