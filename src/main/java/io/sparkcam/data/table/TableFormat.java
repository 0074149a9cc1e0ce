package io.sparkcam.data.table;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.Part;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.data.ingest.BadRecords;
import io.sparkcam.data.ingest.DataFormat;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.PartPlan;
import io.sparkcam.data.ingest.RecordIngest;
import io.sparkcam.data.table.TableColumns.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Parquet files, laid out as {@link TableLayout} finds them. */
public final class TableFormat implements DataFormat {
  private static final List<String> IMAGE_COLUMNS =
      List.of("image", "img", "images", "pixels", "pixel_values", "picture", "photo");
  private static final List<String> LABEL_COLUMNS =
      List.of("label", "labels", "class", "category", "target", "fine_label");
  private static final int MOST_SURVEY_TASKS = 256;
  private static final String IMAGES =
      "encoded images (binary, or a struct with bytes) or arrays of numbers";

  @Override
  public Optional<ImageSource> open(JavaSparkContext sc, String location, DataOptions options)
      throws IOException {
    Configuration hadoop = sc.hadoopConfiguration();
    DataPlace place = DataPlace.of(location);
    Optional<DataPlace.Entry> entry = place.find("", hadoop);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Optional<TableLayout> layout;
    if (entry.get().directory()) {
      layout = TableLayout.of(place, hadoop);
    } else if (TableLayout.isTable(place.name()) || TableFooter.isParquet(place, hadoop)) {
      layout = Optional.of(TableLayout.ofFile(place.name()));
      place = place.parent();
    } else {
      return Optional.empty();
    }
    return layout.isEmpty()
        ? Optional.empty()
        : Optional.of(new Opening(sc, location, place, layout.get(), options).source());
  }

  @Override
  public Optional<StoredImage> stored(
      DataPlace place, String source, DataOptions options, Configuration configuration)
      throws IOException {
    int row = source.lastIndexOf('#');
    if (row < 0 || !TableLayout.isTable(source.substring(0, row))) {
      return Optional.empty();
    }
    // A table that was named itself lies beside its own rows' names.
    boolean isFile = place.find("", configuration).filter(e -> !e.directory()).isPresent();
    DataPlace directory = isFile ? place.parent() : place;
    TableFile file = new TableFile(source.substring(0, row), Map.of());
    TableFooter footer = TableFooter.read(directory, file, configuration);
    MessageType schema = footer.schema;
    String column =
        imageColumn(schema, options)
            .orElseThrow(
                () -> noColumn(footer, options.imageColumn(), ": --image-column names one"));
    long wanted = Long.parseLong(source.substring(row + 1));
    if (wanted >= footer.rows()) {
      throw new IOException(footer.name() + ": no row " + wanted);
    }
    Kind kind = TableColumns.kind(schema.getType(column));
    TableSplit all = new TableSplit(file, 0, Integer.MAX_VALUE, 0, footer.rows());
    try (TableRows rows = TableRows.open(directory, all, column, null, configuration)) {
      rows.skip(wanted).next();
      return Optional.of(new StoredImage(ImageTable.checked(rows.image()), form(kind, options)));
    } catch (BadRecordException e) {
      throw new IOException(place.resolve(source) + ": " + e.getMessage(), e);
    }
  }

  private static ImageForm form(Kind kind, DataOptions options) {
    return kind.isArray()
        ? ImageForm.numbers(options.decode())
        : ImageForm.binary(options.decode());
  }

  /** The column of images: the one asked for, else the only one that looks like it. */
  private static Optional<String> imageColumn(MessageType schema, DataOptions options) {
    return column(
        schema.getFields().stream().map(Type::getName).toList(),
        options.imageColumn(),
        IMAGE_COLUMNS,
        name -> TableColumns.kind(schema.getType(name)).isImage());
  }

  /**
   * A column: the one of that name, else the only one so called in any case, else, where the usual
   * name was asked for, the only one that fits of those with another usual name.
   */
  private static Optional<String> column(
      List<String> all, String asked, List<String> usual, Predicate<String> fits) {
    if (all.contains(asked)) {
      return Optional.of(asked);
    }
    List<String> found = all.stream().filter(asked::equalsIgnoreCase).toList();
    if (found.isEmpty() && asked.equals(usual.get(0))) {
      found =
          all.stream()
              .filter(name -> usual.contains(name.toLowerCase(Locale.ROOT)))
              .filter(fits)
              .toList();
    }
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  private static IOException noColumn(TableFooter file, String asked, String hint) {
    return new IOException(
        "%s: no column %s, found %s%s"
            .formatted(file.name(), asked, String.join(", ", names(file)), hint));
  }

  private static List<String> names(TableFooter file) {
    return Stream.concat(
            file.schema.getFields().stream().map(Type::getName),
            file.file.partition().keySet().stream())
        .toList();
  }

  /** Finds out what is in the files. */
  private static final class Opening {
    private final JavaSparkContext sc;
    private final String location;
    private final DataPlace place;
    private final TableLayout layout;
    private final DataOptions options;
    private final List<String> notes = new ArrayList<>();
    private final Map<Part, List<TableFooter>> footers = new EnumMap<>(Part.class);
    private PartPlan<List<TableFooter>> plan;
    private Broadcast<SerializableConfiguration> shared;

    /** Whether a row has a list of labels. */
    private boolean lists;

    Opening(
        JavaSparkContext sc,
        String location,
        DataPlace place,
        TableLayout layout,
        DataOptions options) {
      this.sc = sc;
      this.location = location;
      this.place = place;
      this.layout = layout;
      this.options = options;
    }

    ImageSource source() throws IOException {
      Configuration hadoop = sc.hadoopConfiguration();
      for (Map.Entry<Part, List<TableFile>> part : layout.parts().entrySet()) {
        List<TableFooter> read = new ArrayList<>();
        for (TableFile file : part.getValue()) {
          read.add(TableFooter.read(place, file, hadoop));
        }
        footers.put(part.getKey(), read);
      }
      plan = PartPlan.of(location, footers, layout.parted(), options.wanted(), options.testSplit());
      shared = sc.broadcast(new SerializableConfiguration(hadoop));
      String image = imageColumn();
      Kind kind = same(all(), image, Kind::isImage, IMAGES);
      ImageForm form = form(kind, options);
      String label = options.labels() ? labelColumn() : null;
      Map<Part, LabelSurvey> surveys = new EnumMap<>(Part.class);
      if (label != null) {
        for (Part part : plan.places().keySet()) {
          // A model may not know the classes of a part that nobody reads.
          boolean isRead = options.classNames().isEmpty() || options.wanted().contains(part);
          if (isRead && footersOf(part).stream().anyMatch(footer -> has(footer, label))) {
            surveys.put(part, new LabelSurvey());
          }
        }
        numbers(label, surveys);
      }
      long testRows = 0;
      for (Part part : plan.places().keySet()) {
        boolean there = surveys.containsKey(part);
        if (there || plan.split().divides()) {
          LabelSurvey survey = survey(part, there ? label : null, image);
          testRows = survey.testRows;
          if (there) {
            surveys.put(part, survey);
          }
        }
      }
      TableLabels labels =
          new TableLabels(
              place,
              plan,
              label,
              surveys,
              label != null && numbers(label, surveys),
              lists,
              written(label),
              options.classNames());
      requireKnown(labels, surveys);
      note(labels, surveys, label);
      Map<String, Long> unread =
          layout.unread().isEmpty() ? Map.of() : Map.of(".parquet", (long) layout.unread().size());
      return new RecordIngest(
          sc,
          location,
          new ImageTable(sc, shared, place, plan, image, form, labels, testRows, unread, notes),
          options);
    }

    /** Finds labels that are no classes before training, not after it. */
    private void requireKnown(TableLabels labels, Map<Part, LabelSurvey> surveys)
        throws IOException {
      for (Part part : options.wanted()) {
        if (options.badRecords() != BadRecords.FAIL || !surveys.containsKey(part)) {
          continue;
        }
        for (String word : surveys.get(part).rows.keySet()) {
          try {
            labels.of(part).of(word);
          } catch (BadRecordException e) {
            throw new IOException(
                "%s: %s (%s), in %s %s records; --bad-records drop or quarantine goes on without them"
                    .formatted(
                        location,
                        e.getMessage(),
                        labels.classNames().shown(),
                        surveys.get(part).rows.get(word),
                        part.label()),
                e);
          }
        }
      }
    }

    private List<TableFooter> footersOf(Part part) {
      return plan.places().get(part);
    }

    private List<TableFooter> all() {
      return footers.values().stream().flatMap(List::stream).toList();
    }

    private static boolean has(TableFooter footer, String column) {
      return footer.schema.containsField(column) || footer.file.partition().containsKey(column);
    }

    private String imageColumn() throws IOException {
      TableFooter first = all().get(0);
      String found =
          TableFormat.imageColumn(first.schema, options)
              .orElseThrow(
                  () -> noColumn(first, options.imageColumn(), ": --image-column names one"));
      if (!found.equals(options.imageColumn())) {
        notes.add("images are in column " + found);
      }
      return found;
    }

    /** The column of labels; null if there is none and none is needed. */
    private String labelColumn() throws IOException {
      TableFooter first = footersOf(plan.naming()).get(0);
      String asked = options.labelColumn();
      List<String> all = names(first);
      Optional<String> found = column(all, asked, LABEL_COLUMNS, name -> true);
      boolean named =
          !asked.equals(LABEL_COLUMNS.get(0)) || all.stream().anyMatch(LABEL_COLUMNS::contains);
      if (found.isEmpty() && (named || options.wanted().contains(Part.TRAIN))) {
        throw noColumn(first, asked, ": --label-column names one");
      }
      if (found.isPresent() && !found.get().equals(asked)) {
        notes.add("labels are in column " + found.get());
      }
      return found.orElse(null);
    }

    /** The kind of a column, which has to be that of all files; null if directories give it. */
    private Kind same(List<TableFooter> files, String column, Predicate<Kind> fits, String expected)
        throws IOException {
      Kind kind = null;
      TableFooter first = null;
      for (TableFooter footer : files) {
        if (footer.file.partition().containsKey(column)) {
          continue;
        }
        if (!footer.schema.containsField(column)) {
          throw noColumn(footer, column, "");
        }
        Kind own = TableColumns.kind(footer.schema.getType(column));
        if (!fits.test(own)) {
          throw new IOException(
              "%s: column %s holds %s, expected %s"
                  .formatted(footer.name(), column, own, expected));
        }
        if (kind != null && kind != own && !(kind.isNumber() && own.isNumber())) {
          throw new IOException(
              "%s: column %s holds %s, expected %s as in %s"
                  .formatted(footer.name(), column, own, kind, first.name()));
        }
        footer.requireReadable(column);
        kind = kind == null ? own : kind;
        first = first == null ? footer : first;
      }
      return kind;
    }

    /** Whether labels are numbers; of directories, whether all look like it. */
    private boolean numbers(String column, Map<Part, LabelSurvey> surveys) throws IOException {
      List<TableFooter> files =
          surveys.keySet().stream().flatMap(part -> footersOf(part).stream()).toList();
      Kind kind = same(files, column, Kind::isLabel, "numbers or names, or lists of them");
      if (kind != null && kind.isLabelList()) {
        for (TableFooter footer : files) {
          if (!TableColumns.isList(footer.schema.getType(column))) {
            throw new IOException(
                "%s: column %s holds %s within each other, expected one list a row"
                    .formatted(footer.name(), column, kind));
          }
        }
        lists = true;
        return kind == Kind.WHOLE_ARRAY;
      }
      return kind == null
          ? surveys.values().stream()
              .flatMap(survey -> survey.rows.keySet().stream())
              .allMatch(word -> word.matches("-?\\d+"))
          : kind.isNumber();
    }

    private LabelSurvey survey(Part part, String column, String image) throws IOException {
      List<TableSplit> splits =
          footersOf(part).stream().flatMap(footer -> footer.splits(image).stream()).toList();
      if (splits.isEmpty()) {
        return new LabelSurvey();
      }
      LabelSurvey survey =
          sc.parallelize(splits, Math.min(splits.size(), MOST_SURVEY_TASKS))
              .map(new LabelSurvey.Task(place, column, plan.split(), shared))
              .treeReduce(LabelSurvey::add);
      if (survey.tooMany()) {
        throw new IOException(
            "%s: column %s has more than %s different values, expected classes"
                .formatted(location, column, LabelSurvey.MOST_LABELS));
      }
      return survey;
    }

    /** What the files themselves, or one beside them, call the classes. */
    private Optional<ClassNames> written(String column) throws IOException {
      Optional<ClassNames> file = ClassNames.in(place, sc.hadoopConfiguration());
      if (file.isPresent() || column == null) {
        return file;
      }
      return TableColumns.classLabels(all().get(0).metadata, column).map(ClassNames::new);
    }

    private void note(TableLabels labels, Map<Part, LabelSurvey> surveys, String column) {
      for (Part part : plan.places().keySet()) {
        if (column != null && surveys.containsKey(part) && !labels.of(part).labelled()) {
          notes.add("column " + column + " has no labels of " + part.label() + " images");
        }
      }
      labels.classNames().remarks().forEach(notes::add);
      long stripped = surveys.values().stream().mapToLong(survey -> survey.stripped).sum();
      if (stripped > 0) {
        notes.add("blanks around " + stripped + " labels are left out");
      }
      if (!layout.unread().isEmpty()) {
        notes.add("not read: " + String.join(", ", layout.unread()));
      }
      if (plan.split().divides()) {
        notes.add(plan.split().words());
      }
    }
  }
}
