package io.sparkcam.data.ingest;

import io.sparkcam.data.DataPlace;
import io.sparkcam.storage.NamedOutput;
import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files where every executor sees them: those that only the driver sees are copied there. */
public final class SharedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SharedFiles.class);

  private SharedFiles() {}

  /**
   * A place that holds these files and is seen by all executors.
   *
   * @param names of the files, relative to the place
   * @param target takes copies
   */
  public static DataPlace of(
      JavaSparkContext sc, DataPlace place, List<String> names, IngestPlace target)
      throws IOException {
    if (sc.sc().isLocal() || !place.local() || everyExecutorSees(sc, place, names.get(0))) {
      return place;
    }
    LOG.info("{} is on the driver's disk alone: {} files are copied", place, names.size());
    Configuration hadoop = sc.hadoopConfiguration();
    FileSystem files = Storage.of(target.chunks(), hadoop);
    DataPlace copies = DataPlace.of(new Path(target.chunks(), "copies").toString());
    for (String name : names) {
      Path copy = copies.hadoopPath(name);
      files.mkdirs(copy.getParent());
      try (InputStream in = place.open(name, hadoop);
          OutputStream out = new NamedOutput(files.create(copy, true), copy)) {
        in.transferTo(out);
      }
    }
    return copies;
  }

  private static boolean everyExecutorSees(JavaSparkContext sc, DataPlace place, String name) {
    int tasks = sc.defaultParallelism();
    return sc.parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
        .map(new Sees(place, name))
        .reduce(Boolean::logicalAnd);
  }

  private static final class Sees implements Function<Integer, Boolean>, Serializable {
    private static final long serialVersionUID = 1L;
    private final DataPlace place;
    private final String name;

    Sees(DataPlace place, String name) {
      this.place = place;
      this.name = name;
    }

    @Override
    public Boolean call(Integer task) throws IOException {
      return place.find(name, new Configuration(false)).isPresent();
    }
  }
}
