package io.sparkcam.bench;

import ai.onnxruntime.OrtException;
import io.sparkcam.cli.DefaultSettings;
import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.config.Setting;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.Part;
import io.sparkcam.job.Explanation;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.network.file.onnx.OnnxFile;
import io.sparkcam.network.file.onnx.OnnxModel;
import io.sparkcam.run.PartFiles;
import io.sparkcam.table.PartFile;
import io.sparkcam.testing.GoldenNetwork;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * How fast images are explained, from chunks to closed Parquet files (which the operating system
 * may not have on the disk yet), and how fast they are classified alone. The network is a trained
 * one: its features, many of them zero, are what is compressed.
 */
final class ExplanationFigures {
  private static final String EXPLAIN = "explain_images_per_s";
  private static final String FORWARD = "explain_forward_images_per_s";

  private static final String ONNX_SHARE = "explain_onnx_share";

  private final Workplace workplace;
  private final BroadcastModel.Handle model;
  private final JavaRDD<ImageBlock> images;
  private final int batchSize;

  private ExplanationFigures(
      Workplace workplace, BroadcastModel.Handle model, JavaRDD<ImageBlock> images) {
    this.workplace = workplace;
    this.model = model;
    this.images = images;
    this.batchSize = workplace.defaults().settings().get(Setting.EXPLAIN_BATCH_SIZE);
  }

  static void measure(Workplace workplace) throws IOException {
    measureLab(workplace);
    measureOnnx(workplace);
  }

  /**
   * An ONNX ResNet-18 on images of 64x64, Parquet included: which share of ONNX Runtime's own rate
   * on as many cores is left. Both are measured in turns, so that a busy machine slows both.
   */
  private static void measureOnnx(Workplace workplace) throws IOException {
    if (!workplace.figures().want(ONNX_SHARE)) {
      return;
    }
    byte[] file = OnnxResNet.file();
    ImageShape shape = new ImageShape(OnnxResNet.SIDE, OnnxResNet.SIDE, 1);
    OnnxModel model =
        OnnxFile.read(new ByteArrayInputStream(file), "resnet18.onnx", shape, Optional.empty());
    int count = workplace.effort().onnxImages();
    byte[] pixels = new byte[16 * shape.size()];
    new Random(1).nextBytes(pixels);
    ImageBlock noise =
        new ImageBlock(shape, LongStream.range(0, 16).toArray(), new int[16], pixels);
    ImageIndex stored =
        new RepeatedImages(noise, OnnxResNet.CLASSES).store(workplace.file("explain-onnx"), count);
    JavaRDD<ImageBlock> images =
        new IndexedImages(workplace.sc(), stored)
            .blocks(0, count, DefaultSettings.BLOCK, Effort.WORKERS);
    Engine engine = workplace.defaults().settings().get(Setting.ENGINE);
    int batch = workplace.defaults().settings().get(Setting.EXPLAIN_BATCH_SIZE);
    try (var broadcast =
            new BroadcastModel(workplace.sc(), model.network(), engine, model.parameters());
        OnnxForward forward = new OnnxForward(file, batch)) {
      var figures = new ExplanationFigures(workplace, broadcast.handle(), images);
      List<Double> shares = new ArrayList<>();
      for (int i = 0; i <= workplace.effort().explainPasses(); i++) {
        double alone = forward.speed(count, Effort.WORKERS);
        double explaining = figures.speedOnce(figures::explain);
        shares.add(explaining / alone);
      }
      workplace
          .figures()
          .report(ONNX_SHARE, Figures.median(shares.subList(1, shares.size())), "of_forward");
    } catch (OrtException | InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void measureLab(Workplace workplace) throws IOException {
    if (!workplace.figures().want(EXPLAIN, FORWARD)) {
      return;
    }
    DefaultSettings defaults = workplace.defaults();
    int count = workplace.effort().explainedImages();
    ImageIndex stored = workplace.repeated(Part.TEST).store(workplace.file("explain"), count);
    JavaRDD<ImageBlock> images =
        new IndexedImages(workplace.sc(), stored)
            .blocks(0, count, DefaultSettings.BLOCK, defaults.explainPartitions(count));
    try (var broadcast =
        new BroadcastModel(
            workplace.sc(),
            GoldenNetwork.MODEL,
            defaults.settings().get(Setting.ENGINE),
            GoldenNetwork.parameters())) {
      var figures = new ExplanationFigures(workplace, broadcast.handle(), images);
      if (workplace.figures().want(EXPLAIN)) {
        workplace.figures().report(EXPLAIN, figures.speed(figures::explain), "images/s");
      }
      if (workplace.figures().want(FORWARD)) {
        workplace.figures().report(FORWARD, figures.speed(figures::classify), "images/s");
      }
    }
  }

  /** Goes through all images. */
  @FunctionalInterface
  private interface Pass {
    /** Returns how many there were; files may be left in the directory. */
    long run(Path directory) throws IOException;
  }

  private double speed(Pass pass) throws IOException {
    List<Double> speeds = new ArrayList<>();
    for (int i = 0; i <= workplace.effort().explainPasses(); i++) {
      speeds.add(speedOnce(pass));
    }
    return Figures.median(speeds.subList(1, speeds.size()));
  }

  private double speedOnce(Pass pass) throws IOException {
    var directory = Files.createTempDirectory(workplace.directory(), "table-");
    long began = System.nanoTime();
    long count = pass.run(new Path(directory.toUri()));
    double speed = count / ((System.nanoTime() - began) / 1e9);
    FileUtil.fullyDelete(directory.toFile());
    return speed;
  }

  private long explain(Path directory) throws IOException {
    return Explanation.write(workplace.sc(), model, images, PartFiles.in(directory), batchSize)
        .parts()
        .stream()
        .mapToLong(PartFile::rows)
        .sum();
  }

  private long classify(Path directory) {
    return images.mapPartitions(new Classify(model, batchSize)).collect().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private static final class Classify implements FlatMapFunction<Iterator<ImageBlock>, Long> {
    private static final long serialVersionUID = 1L;

    private final BroadcastModel.Handle model;
    private final int batchSize;

    Classify(BroadcastModel.Handle model, int batchSize) {
      this.model = model;
      this.batchSize = batchSize;
    }

    @Override
    public Iterator<Long> call(Iterator<ImageBlock> blocks) {
      long[] images = new long[1];
      model.classify(
          classifier -> {
            while (blocks.hasNext()) {
              ImageBlock block = blocks.next();
              for (int first = 0; first < block.count(); first += batchSize) {
                int count = Math.min(batchSize, block.count() - first);
                classifier.classify(block, first, count);
                images[0] += count;
              }
            }
          });
      return List.of(images[0]).iterator();
    }
  }
}
