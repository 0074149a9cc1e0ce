package io.sparkcam.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * How faithful one kind of map is, over all images: the row of {@link Aggregates#FAITHFULNESS}.
 * Shares are added as decimal numbers of 18 places, so that their sum does not depend on an order.
 */
final class FaithfulnessSums {
  private static final int PLACES = 18;

  /** Of a mean, as SQL divides decimals of 18 places. */
  private static final int MEAN_PLACES = 22;

  private static final int DROP = 0;
  private static final int INCREASE = 1;
  private static final int INSERTION = 2;
  private static final int DELETION = 3;
  private static final int ROAD = 4;

  private final BigInteger[] sums = new BigInteger[5];
  private long images;

  /** Images that have curves. */
  private long sampled;

  FaithfulnessSums() {
    Arrays.fill(sums, BigInteger.ZERO);
  }

  /**
   * Adds an image.
   *
   * @param whole probability of the predicted class
   * @param masked the same, of the image under the map
   * @param insertion area under the curve, negative if there is none
   * @param deletion area under the curve
   * @param road area under the curve
   */
  void add(float whole, float masked, float insertion, float deletion, float road) {
    images++;
    double drop = whole == 0 ? 0 : Math.max(0, ((double) whole - masked) / whole);
    add(DROP, drop);
    add(INCREASE, masked > whole ? 1 : 0);
    if (insertion >= 0) {
      sampled++;
      add(INSERTION, insertion);
      add(DELETION, deletion);
      add(ROAD, road);
    }
  }

  /** Adds an image of which there are curves alone. */
  void addAreas(float insertion, float deletion) {
    add(1, 1, insertion, deletion, 0);
  }

  /** The row of a ranking of cells. */
  Object[] areas(String ranking) {
    return new Object[] {ranking, images, mean(INSERTION, images), mean(DELETION, images)};
  }

  private void add(int share, double value) {
    sums[share] = sums[share].add(decimal(new BigDecimal(Double.toString(value))));
  }

  private static BigInteger decimal(BigDecimal value) {
    return value.setScale(PLACES, RoundingMode.HALF_UP).unscaledValue();
  }

  /** The row of a map; means of nothing are null. */
  Object[] row(String map) {
    return new Object[] {
      map,
      images,
      mean(DROP, images),
      mean(INCREASE, images),
      sampled,
      mean(INSERTION, sampled),
      mean(DELETION, sampled),
      mean(ROAD, sampled)
    };
  }

  private Double mean(int share, long count) {
    return count == 0
        ? null
        : (Double)
            new BigDecimal(sums[share], PLACES)
                .divide(BigDecimal.valueOf(count), MEAN_PLACES, RoundingMode.HALF_UP)
                .doubleValue();
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(images);
    out.writeLong(sampled);
    for (BigInteger sum : sums) {
      out.writeUTF(sum.toString());
    }
  }

  /** Adds the sums of others. */
  void addWritten(DataInput in) throws IOException {
    images += in.readLong();
    sampled += in.readLong();
    for (int i = 0; i < sums.length; i++) {
      sums[i] = sums[i].add(new BigInteger(in.readUTF()));
    }
  }
}
