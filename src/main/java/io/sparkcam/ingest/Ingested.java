package io.sparkcam.ingest;

import io.sparkcam.data.ChunkWriter;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ImageSource;
import io.sparkcam.data.StoredPart;
import io.sparkcam.data.image.ShapeVote;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.ImageShape;
import io.sparkcam.dataset.Part;
import io.sparkcam.run.RunDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * A folder or a Parquet table of images. Two passes over each part: the first finds the shape that
 * most training images declare, the second decodes those that have it, on the executors, and brings
 * them in the order of their ids, a partition in the driver's memory at a time.
 */
public final class Ingested implements ImageSource, Closeable {
  /** Of pixels, in one partition, about. */
  private static final long PARTITION_BYTES = 16L << 20;

  private final String location;
  private final RecordSource source;
  private final BadRecords policy;
  private final Ledger ledger;
  private final org.apache.hadoop.conf.Configuration hadoop;

  /** Of all images; null until the first part is read. */
  private ImageShape shape;

  private Ingested(
      String location,
      RecordSource source,
      BadRecords policy,
      Ledger ledger,
      org.apache.hadoop.conf.Configuration hadoop) {
    this.hadoop = hadoop;
    this.location = location;
    this.source = source;
    this.policy = policy;
    this.ledger = ledger;
  }

  /**
   * What is at a place, if it is a folder or a table of images.
   *
   * @param workplace a local directory for the time until this is closed
   */
  public static Optional<Ingested> at(
      SparkSession spark, String location, TableOptions options, BadRecords policy, Path workplace)
      throws IOException {
    org.apache.hadoop.conf.Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    org.apache.hadoop.fs.Path root = DataDirectory.qualified(location, hadoop);
    Optional<? extends RecordSource> found = ImageTable.at(spark, root, options);
    if (found.isEmpty()) {
      found = ImageFolder.at(spark, root, DataDirectory.of(location, hadoop));
    }
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new Ingested(location, found.get(), policy, Ledger.in(workplace), hadoop));
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public Set<Part> parts() {
    return source.parts();
  }

  @Override
  public ClassNames classNames() {
    return source.classNames();
  }

  @Override
  public boolean labelled() {
    return source.labels().labelled();
  }

  @Override
  public StoredPart store(Part part, long limit, org.apache.hadoop.fs.Path directory)
      throws IOException {
    ShapeVote survey = Survey.of(source.records(part), source.form());
    if (shape == null) {
      shape =
          survey
              .shape()
              .orElseThrow(
                  () ->
                      new IOException(
                          "%s: none of %d %s records is an image"
                              .formatted(location, survey.records(), part.label())));
    }
    try (ChunkWriter out =
        ChunkWriter.create(directory, part.label(), shape, classNames().count(), hadoop)) {
      return write(part, survey.records(), out, limit);
    }
  }

  private StoredPart write(Part part, long records, ChunkWriter out, long limit)
      throws IOException {
    int partitions = (int) Math.max(1, records * shape.size() / PARTITION_BYTES);
    Iterator<Tuple2<SourceKey, Records.Outcome>> outcomes =
        source
            .records(part)
            .toJavaRDD()
            .mapToPair(new Records.Decode(source.form(), source.labels(), shape))
            .repartitionAndSortWithinPartitions(new SourceKey.Ranges(partitions))
            .toLocalIterator();
    MessageDigest images = SourceKey.digest();
    MessageDigest labels = SourceKey.digest();
    long good = 0;
    long bad = 0;
    String firstBad = "";
    while (outcomes.hasNext()) {
      Tuple2<SourceKey, Records.Outcome> record = outcomes.next();
      String name = record._1.source();
      Records.Outcome outcome = record._2;
      if (outcome.bad()) {
        firstBad = bad == 0 ? name + ": " + outcome.reason : firstBad;
        bad++;
        ledger.bad(part, name, outcome.reason);
        continue;
      }
      update(images, outcome.sha256 + "  " + name);
      update(labels, Integer.toString(outcome.label));
      if (good < limit) {
        out.write(outcome.label, outcome.pixels);
        ledger.good(part, good, name, outcome.label, outcome.sha256);
      }
      good++;
    }
    requireUsable(part, good, bad, firstBad);
    return new StoredPart(
        ImageIndex.of(shape, classNames().count(), out.finish().chunks()),
        good + bad,
        bad,
        new StoredPart.SourceFile(part.label() + " images", hex(images)),
        new StoredPart.SourceFile(part.label() + " labels", hex(labels)));
  }

  private void requireUsable(Part part, long good, long bad, String firstBad) throws IOException {
    if (good + bad == 0) {
      throw new IOException(location + ": no " + part.label() + " images");
    }
    if (bad > 0 && (policy == BadRecords.FAIL || good == 0)) {
      throw new IOException(
          "%s/%s (%d of %d %s records are bad%s)"
              .formatted(
                  location,
                  firstBad,
                  bad,
                  good + bad,
                  part.label(),
                  good == 0 ? "" : "; --bad-records drop or quarantine goes on without them"));
    }
  }

  private static void update(MessageDigest digest, String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Leaves in a run the table of where its images come from, and that of bad records if wanted. */
  public void leaveRecords(RunDirectory run) throws IOException {
    ledger.leave(run, policy);
  }

  @Override
  public void close() throws IOException {
    ledger.close();
  }
}
