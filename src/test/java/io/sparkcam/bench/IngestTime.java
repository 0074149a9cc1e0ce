package io.sparkcam.bench;

import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.BadRecords;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.testing.Ingest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Seconds from a data set of PNGs of 64x64 to checked chunks, in a process that has just begun. */
public final class IngestTime {
  private static final int SIDE = 64;
  private static final int CLASSES = 10;

  private IngestTime() {}

  /** Takes the effort, a directory for data and chunks, the figure's name. */
  public static void main(String[] args) throws IOException {
    PrintStream out = Figures.takeStandardOutput();
    int count = Effort.named(args[0]) == Effort.FULL ? 20_000 : 500;
    Path directory = Path.of(args[1]);
    Path data = directory.resolve(args[2].contains("table") ? "table" : "folder");
    try (SparkSession spark = SparkSession.builder().appName("SparkCAM bench").getOrCreate()) {
      if (!Files.exists(directory.resolve("folder"))) {
        write(spark, directory, count);
      }
      Ingest ingest = new Ingest(spark, directory);
      long began = System.nanoTime();
      try (ImageSource source = ingest.open(data, Ingest.options(BadRecords.FAIL, Part.TRAIN))) {
        long stored = source.store(Part.TRAIN, ImageSource.ALL, ingest.place()).count();
        if (stored != count) {
          throw new IOException(data + ": " + stored + " images, expected " + count);
        }
      }
      out.printf("%s %.1f s%n", args[2], (System.nanoTime() - began) / 1e9);
    }
  }

  /** The same images as files and as rows. */
  private static void write(SparkSession spark, Path directory, int count) throws IOException {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] png = png(random);
      Path parent = directory.resolve("folder/train/" + i % CLASSES);
      Files.createDirectories(parent);
      Files.write(parent.resolve(i + ".png"), png);
      rows.add(RowFactory.create(png, i % CLASSES));
    }
    spark
        .createDataFrame(
            rows,
            new StructType().add("image", DataTypes.BinaryType).add("label", DataTypes.IntegerType))
        .repartition(4)
        .write()
        .parquet(directory.resolve("table/train").toString());
  }

  /** A gradient under noise, about 9 kB. */
  private static byte[] png(Random random) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    int colour = random.nextInt(1 << 24);
    for (int i = 0; i < SIDE * SIDE; i++) {
      int noise = random.nextInt(1 << 24) & 0x1f1f1f;
      image.setRGB(i % SIDE, i / SIDE, (colour & 0x7f7f7f) + (i / SIDE) * 0x010101 ^ noise);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
