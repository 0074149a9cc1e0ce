package io.sparkcam.data.folder;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.Part;
import io.sparkcam.data.folder.FolderLayout.Section;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.data.ingest.ContentReader;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.data.ingest.Labels;
import io.sparkcam.data.ingest.PartPlan;
import io.sparkcam.data.ingest.RecordSource;
import io.sparkcam.data.ingest.SourceKey;
import io.sparkcam.data.ingest.SourceRecord;
import io.sparkcam.data.ingest.TestSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Image files in directories, laid out as {@link FolderLayout} finds them. Tasks list the
 * directories, once; names alone are sorted by key, and each task opens its own files.
 */
final class ImageFolder implements RecordSource {
  private static final int MOST_LISTING_TASKS = 256;

  private final DataPlace place;
  private final PartPlan<Section> plan;
  private final ClassNames names;
  private final FileLabels fileLabels;
  private final DataOptions options;
  private final List<String> notes;
  private final JavaRDD<ListedDirectory> listed;
  private final List<ListedDirectory> counts;

  /**
   * Lists the directories.
   *
   * @param fileLabels of the images, where they do not lie in directories of classes; else null
   */
  ImageFolder(
      JavaSparkContext sc,
      Broadcast<SerializableConfiguration> hadoop,
      DataPlace place,
      PartPlan<Section> plan,
      ClassNames names,
      FileLabels fileLabels,
      DataOptions options,
      List<String> notes)
      throws IOException {
    this.place = place;
    this.plan = plan;
    this.names = names;
    this.fileLabels = fileLabels;
    this.options = options;
    this.notes = notes;
    List<ListedDirectory> directories = new ArrayList<>();
    for (Section section : new LinkedHashSet<>(plan.places().values())) {
      directories.addAll(ListedDirectory.of(section));
    }
    listed =
        sc.parallelize(directories, Math.min(directories.size(), MOST_LISTING_TASKS))
            .map(new ListDirectory(place, plan.split(), fileLabels, hadoop))
            .persist(StorageLevel.MEMORY_AND_DISK());
    counts = listed.map(ListedDirectory::counts).collect();
    requireClasses();
  }

  private void requireClasses() throws IOException {
    for (ListedDirectory directory : counts) {
      if (!isRead(directory)
          || !options.labels()
          || fileLabels != null
          || directory.label == null
          || directory.images == 0
          || names.names().contains(directory.label)) {
        continue;
      }
      String where = place.resolve(directory.section);
      if (options.classNames().isPresent()) {
        throw names.unknown(where, directory.label);
      }
      throw names.notOfThese(where, directory.label);
    }
  }

  /** A model may not know the classes of a part that nobody reads. */
  private boolean isRead(ListedDirectory directory) {
    return options.classNames().isEmpty()
        || options.wanted().stream()
            .map(plan.places()::get)
            .anyMatch(section -> section != null && section.directory().equals(directory.section));
  }

  private List<ListedDirectory> countsOf(Part part) {
    String section = plan.places().get(part).directory();
    return counts.stream().filter(directory -> directory.section.equals(section)).toList();
  }

  private boolean shared(Part part) {
    return plan.split().divides() && part != Part.VALIDATION;
  }

  @Override
  public Set<Part> parts() {
    return plan.places().keySet();
  }

  @Override
  public boolean divided() {
    return plan.split().divides();
  }

  @Override
  public ClassNames classNames() {
    return names;
  }

  @Override
  public Labels labels(Part part) {
    boolean labelled =
        fileLabels == null
            ? plan.places().get(part).labelled()
            : countsOf(part).stream().anyMatch(directory -> directory.labelled > 0);
    return labelled && options.labels() ? Labels.of(names.names()) : Labels.none();
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public ImageForm form() {
    return ImageForm.encoded(options.decode());
  }

  @Override
  public long found(Part part) {
    return countsOf(part).stream()
        .mapToLong(
            directory ->
                !shared(part)
                    ? directory.images
                    : part == Part.TEST
                        ? directory.testImages
                        : directory.images - directory.testImages)
        .sum();
  }

  @Override
  public Map<String, Long> ignored(Part part) {
    Map<String, Long> ignored = new TreeMap<>();
    // Files of no part of their own are counted once.
    if (!shared(part) || part == Part.TRAIN) {
      for (ListedDirectory directory : countsOf(part)) {
        directory.others.forEach((kind, count) -> ignored.merge(kind, count, Long::sum));
      }
    }
    return ignored;
  }

  @Override
  public ContentReader reader() {
    return new FileReader(place);
  }

  @Override
  public JavaPairRDD<SourceKey, SourceRecord> sorted(Part part) {
    long bytes = countsOf(part).stream().mapToLong(directory -> directory.bytes).sum();
    String section = plan.places().get(part).directory();
    return listed
        .flatMapToPair(new SourcesOfPart(part, section, plan.split(), fileLabels))
        .repartitionAndSortWithinPartitions(SourceKey.Ranges.ofBytes(bytes));
  }

  @Override
  public void close() {
    listed.unpersist(false);
  }

  private static final class ListDirectory implements Function<ListedDirectory, ListedDirectory> {
    private static final long serialVersionUID = 1L;
    private final DataPlace place;
    private final TestSplit split;
    private final FileLabels fileLabels;
    private final Broadcast<SerializableConfiguration> hadoop;

    ListDirectory(
        DataPlace place,
        TestSplit split,
        FileLabels fileLabels,
        Broadcast<SerializableConfiguration> hadoop) {
      this.place = place;
      this.split = split;
      this.fileLabels = fileLabels;
      this.hadoop = hadoop;
    }

    @Override
    public ListedDirectory call(ListedDirectory directory) throws IOException {
      return directory.list(place, split, fileLabels, hadoop.value().value());
    }
  }

  private static final class SourcesOfPart
      implements PairFlatMapFunction<ListedDirectory, SourceKey, SourceRecord> {
    private static final long serialVersionUID = 1L;
    private final Part part;
    private final String section;
    private final TestSplit split;
    private final FileLabels fileLabels;

    SourcesOfPart(Part part, String section, TestSplit split, FileLabels fileLabels) {
      this.part = part;
      this.section = section;
      this.split = split;
      this.fileLabels = fileLabels;
    }

    @Override
    public Iterator<Tuple2<SourceKey, SourceRecord>> call(ListedDirectory directory) {
      if (!directory.section.equals(section)) {
        return List.<Tuple2<SourceKey, SourceRecord>>of().iterator();
      }
      return IntStream.range(0, directory.names().size())
          .mapToObj(i -> source(directory, i))
          .filter(source -> split.holds(part, source._1))
          .iterator();
    }

    private Tuple2<SourceKey, SourceRecord> source(ListedDirectory directory, int place) {
      String name = directory.names().get(place);
      String label = fileLabels == null ? directory.label : fileLabels.of(name);
      return new Tuple2<>(
          new SourceKey(name), new SourceRecord(label, directory.lengths().get(place)));
    }
  }
}
