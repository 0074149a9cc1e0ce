package io.sparkcam.data.ingest;

import io.sparkcam.data.Chunk;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.DecodePartition.Outcome;
import io.sparkcam.data.ingest.RowFiles.WrittenFile;
import io.sparkcam.data.ingest.StoredPart.SourceFile;
import io.sparkcam.storage.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns single sources into chunks. Tasks decode and write; the driver adds up their counts, which
 * gives the ids.
 */
public final class RecordIngest implements ImageSource {
  /** So many sources, the first by key, say which shape the images have. */
  private static final int VOTERS = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(RecordIngest.class);

  private final JavaSparkContext sc;
  private final String location;
  private final RecordSource source;
  private final BadRecords policy;

  /** Of all images; null until the first part is read. */
  private ImageShape shape;

  /**
   * @param location as it was named
   * @throws IOException if there is no image of a part that is wanted
   */
  public RecordIngest(
      JavaSparkContext sc, String location, RecordSource source, DataOptions options)
      throws IOException {
    this.sc = sc;
    this.location = location;
    this.source = source;
    this.policy = options.badRecords();
    for (Part part : source.parts()) {
      if (options.wanted().contains(part) && source.found(part) == 0) {
        source.close();
        throw new IOException(
            "%s: no %s images%s"
                .formatted(
                    location,
                    part.label(),
                    source.divided()
                        ? " among the few that there are: --test-split takes another share of them"
                        : ""));
      }
    }
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
  public boolean labelled(Part part) {
    return source.labels(part).labelled();
  }

  @Override
  public List<List<Integer>> labelSets() {
    return source.labelSets();
  }

  /** How many different labels there may be. */
  private int labelCount() {
    return labelSets().isEmpty() ? classNames().count() : labelSets().size();
  }

  @Override
  public List<String> notes() {
    return source.notes();
  }

  @Override
  public StoredPart store(Part part, long limit, IngestPlace place) throws IOException {
    JavaPairRDD<SourceKey, SourceRecord> sources = source.sorted(part);
    if (shape == null) {
      shape = vote(part, sources, place);
    }
    DecodePartition decode =
        new DecodePartition(
            part,
            source.reader(),
            source.form(),
            source.labels(part),
            shape,
            labelCount(),
            policy == BadRecords.QUARANTINE,
            place);
    List<Outcome> outcomes =
        untilEnough(part, JavaRDD.fromRDD(sources.rdd(), sources.classTag()), decode, limit);
    return finish(part, outcomes, limit, place);
  }

  private ImageShape vote(
      Part part, JavaPairRDD<SourceKey, SourceRecord> sources, IngestPlace place)
      throws IOException {
    JavaRDD<long[]> votes =
        sources.mapPartitions(new VoteOnShape(source.reader(), source.form(), VOTERS, place));
    List<Long> cast = new ArrayList<>();
    int next = 0;
    while (cast.size() < VOTERS && next < votes.getNumPartitions()) {
      int[] partitions = next(part, votes, next, VOTERS - cast.size());
      next += partitions.length;
      for (List<long[]> results : votes.collectPartitions(partitions)) {
        Arrays.stream(results.get(0)).limit(VOTERS - cast.size()).forEach(cast::add);
      }
    }
    List<Long> declared = cast.stream().filter(vote -> vote != VoteOnShape.NONE).toList();
    List<Long> images = declared.stream().filter(v -> (v & VoteOnShape.DAMAGED) == 0).toList();
    images = images.isEmpty() ? declared : images;
    ImageShape size = most(images.stream().map(VoteOnShape::shape).map(RecordIngest::grey));
    ImageShape most =
        most(images.stream().map(VoteOnShape::shape).filter(own -> grey(own).equals(size)));
    long others =
        images.stream().filter(v -> VoteOnShape.shape(v).channels() != most.channels()).count();
    long transparent = images.stream().filter(v -> (v & VoteOnShape.TRANSPARENT) != 0).count();
    if (others > 0) {
      LOG.warn(
          "{} of the first {} {} images are {} and become {}: --channels decides otherwise",
          others,
          cast.size(),
          part.label(),
          most.channels() == 1 ? "RGB" : "grey",
          most.channels() == 1 ? "grey" : "RGB");
    }
    if (transparent > 0) {
      LOG.warn(
          "{} of the first {} {} images have transparency, which is dropped unless --background"
              + " lays them on a colour",
          transparent,
          cast.size(),
          part.label());
    }
    return most;
  }

  private static ImageShape grey(ImageShape shape) {
    return new ImageShape(shape.height(), shape.width(), 1);
  }

  /** What most are; of equals, the smallest. */
  private static ImageShape most(Stream<ImageShape> shapes) {
    return shapes
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
        .entrySet()
        .stream()
        .max(
            Map.Entry.<ImageShape, Long>comparingByValue()
                .thenComparing(
                    Map.Entry.comparingByKey(
                        Comparator.comparingInt(ImageShape::size)
                            .thenComparingInt(ImageShape::height)
                            .reversed())))
        .map(Map.Entry::getKey)
        .orElse(new ImageShape(1, 1, 1));
  }

  /** The next partitions, as many as so many sources probably take. */
  private int[] next(Part part, JavaRDD<?> rdd, int first, long wanted) {
    int all = rdd.getNumPartitions();
    double sources = Math.max(1, source.found(part) / (double) all);
    long count = Math.min(all - first, (long) Math.min(Integer.MAX_VALUE, wanted / sources) + 1);
    return IntStream.range(first, first + (int) count).toArray();
  }

  private List<Outcome> untilEnough(
      Part part,
      JavaRDD<scala.Tuple2<SourceKey, SourceRecord>> sources,
      DecodePartition decode,
      long limit) {
    JavaRDD<Outcome> decoded = sources.mapPartitionsWithIndex(decode, true);
    List<Outcome> outcomes = new ArrayList<>();
    long good = 0;
    while (good < limit && outcomes.size() < decoded.getNumPartitions()) {
      int[] partitions = next(part, decoded, outcomes.size(), limit - good);
      for (List<Outcome> results : decoded.collectPartitions(partitions)) {
        outcomes.add(results.get(0));
        good += results.get(0).good;
      }
    }
    return outcomes;
  }

  private StoredPart finish(Part part, List<Outcome> outcomes, long limit, IngestPlace place)
      throws IOException {
    requireUsable(part, outcomes);
    long good = 0;
    long bad = 0;
    long constant = 0;
    long[] labelCounts = new long[labelCount()];
    List<Chunk> chunks = new ArrayList<>();
    List<WriteSources.Assignment> ledgers = new ArrayList<>();
    MessageDigest images = Sha256.digest();
    MessageDigest labels = Sha256.digest();
    if (!labelSets().isEmpty()) {
      labels.update(labelSets().toString().getBytes(StandardCharsets.UTF_8));
    }
    Map<String, WrittenFile> tables = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome.good > 0 && good < limit) {
        long count = Math.min(outcome.good, limit - good);
        ledgers.add(
            new WriteSources.Assignment(part, outcome.partition, outcome.ledger, good, count));
      }
      good += outcome.good;
      bad += outcome.bad;
      constant += outcome.constant;
      chunks.addAll(outcome.written.chunks());
      long[] counts = outcome.written.labelCounts();
      for (int i = 0; i < counts.length; i++) {
        labelCounts[i] += counts[i];
      }
      images.update(outcome.imagesDigest);
      labels.update(outcome.labelsDigest);
      if (outcome.quarantined != null) {
        tables.put(
            SourceTables.name(SourceTables.QUARANTINE, part, outcome.partition),
            outcome.quarantined);
      }
    }
    List<WrittenFile> written =
        sc.parallelize(ledgers, ledgers.size())
            .map(new WriteSources(place, labelSets().isEmpty()))
            .collect();
    for (int i = 0; i < written.size(); i++) {
      tables.put(
          SourceTables.name(SourceTables.SOURCES, part, ledgers.get(i).partition()),
          written.get(i));
    }
    ImageIndex index = ImageIndex.of(shape, labelCount(), chunks).first(limit);
    return new StoredPart(
            index,
            good + bad,
            bad,
            Arrays.stream(labelCounts).boxed().toList(),
            new SourceFile(part.label() + " images", Sha256.of(images)),
            new SourceFile(part.label() + " labels", Sha256.of(labels)))
        .withSources(source.found(part) - good - bad, constant, source.ignored(part), tables);
  }

  private void requireUsable(Part part, List<Outcome> outcomes) throws IOException {
    long good = outcomes.stream().mapToLong(outcome -> outcome.good).sum();
    long bad = outcomes.stream().mapToLong(outcome -> outcome.bad).sum();
    if (bad > 0 && (policy == BadRecords.FAIL || good == 0)) {
      String first =
          outcomes.stream().filter(outcome -> outcome.bad > 0).findFirst().orElseThrow().firstBad;
      throw new IOException(
          "%s/%s (%s of %s %s records are bad%s)"
              .formatted(
                  location,
                  first,
                  bad,
                  good + bad,
                  part.label(),
                  good == 0 ? "" : "; --bad-records drop or quarantine goes on without them"));
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
