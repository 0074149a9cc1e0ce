package io.sparkcam.ingest;

import io.sparkcam.data.IdxChunks;
import io.sparkcam.data.ImageSource;
import io.sparkcam.data.StoredPart;
import io.sparkcam.dataset.ByteSource;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.HadoopFile;
import io.sparkcam.dataset.IdxDataSet;
import io.sparkcam.dataset.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * IDX files on a cluster: one task reads each part from start to end, and unpacks it if it is
 * compressed. Files that only the driver sees are copied to where every executor sees them.
 */
public final class IdxImages implements ImageSource {
  private static final Logger LOG = LoggerFactory.getLogger(IdxImages.class);

  private final JavaSparkContext sc;
  private final IdxDataSet files;

  public IdxImages(JavaSparkContext sc, IdxDataSet files) {
    this.sc = sc;
    this.files = files;
  }

  @Override
  public String location() {
    return files.location();
  }

  @Override
  public Set<Part> parts() {
    return EnumSet.allOf(Part.class);
  }

  @Override
  public ClassNames classNames() {
    return files.classNames();
  }

  @Override
  public boolean labelled() {
    return true;
  }

  @Override
  public StoredPart store(Part part, long limit, Path directory) throws IOException {
    String images = shared(files.images(part), directory);
    String labels = shared(files.labels(part), directory);
    ReadPair read =
        new ReadPair(
            images,
            labels,
            files.classNames().count(),
            limit,
            directory.toString(),
            part.label(),
            new SerializableConfiguration(sc.hadoopConfiguration()));
    try {
      return sc.parallelize(List.of(part.label()), 1).map(read).first();
    } catch (Exception e) {
      throw reason(e);
    }
  }

  /** What the task said of the data. */
  private static IOException reason(Exception failure) throws IOException {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return new IOException(io.getMessage(), failure);
      }
    }
    return failure instanceof SparkException
        ? new IOException(failure.getMessage(), failure)
        : new IOException(failure);
  }

  /** A file's address, good on every executor. */
  private String shared(ByteSource file, Path directory) throws IOException {
    String address = file.address();
    if (sc.sc().isLocal() || !isLocal(address) || everyExecutorSees(address)) {
      return address;
    }
    Configuration hadoop = sc.hadoopConfiguration();
    Path from = new Path(address);
    Path to = new Path(directory, file.name());
    FileSystem source = from.getFileSystem(hadoop);
    FileSystem target = to.getFileSystem(hadoop);
    LOG.info("{} is on the driver's disk alone: copied to {}", file.name(), directory);
    FileUtil.copy(source, from, target, to, false, true, hadoop);
    return target.makeQualified(to).toString();
  }

  private static boolean isLocal(String address) {
    return "file".equals(new Path(address).toUri().getScheme());
  }

  private boolean everyExecutorSees(String address) {
    int tasks = sc.defaultParallelism();
    return sc.parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
        .map(task -> Files.exists(java.nio.file.Path.of(URI.create(address).getPath())))
        .reduce(Boolean::logicalAnd);
  }

  private static final class ReadPair implements Function<String, StoredPart> {
    private static final long serialVersionUID = 1L;
    private final String images;
    private final String labels;
    private final int classes;
    private final long limit;
    private final String directory;
    private final String name;
    private final SerializableConfiguration hadoop;

    ReadPair(
        String images,
        String labels,
        int classes,
        long limit,
        String directory,
        String name,
        SerializableConfiguration hadoop) {
      this.images = images;
      this.labels = labels;
      this.classes = classes;
      this.limit = limit;
      this.directory = directory;
      this.name = name;
      this.hadoop = hadoop;
    }

    @Override
    public StoredPart call(String part) throws IOException {
      String attempt = name + "-" + TaskContext.get().taskAttemptId();
      return IdxChunks.read(
          new HadoopFile(new Path(images), hadoop.value()),
          new HadoopFile(new Path(labels), hadoop.value()),
          classes,
          limit,
          new Path(directory),
          attempt,
          hadoop.value());
    }
  }
}
