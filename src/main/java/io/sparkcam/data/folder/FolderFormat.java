package io.sparkcam.data.folder;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.Part;
import io.sparkcam.data.folder.FolderLayout.Section;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.data.ingest.DataFormat;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.PartPlan;
import io.sparkcam.data.ingest.RecordIngest;
import io.sparkcam.data.ingest.SourceRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Image files in directories, laid out as {@link FolderLayout} finds them. */
public final class FolderFormat implements DataFormat {
  @Override
  public Optional<ImageSource> open(JavaSparkContext sc, String location, DataOptions options)
      throws IOException {
    Configuration hadoop = sc.hadoopConfiguration();
    DataPlace place = DataPlace.of(location);
    if (place.find("", hadoop).filter(DataPlace.Entry::directory).isEmpty()) {
      return Optional.empty();
    }
    Optional<FolderLayout> layout = FolderLayout.of(place, hadoop);
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    Broadcast<SerializableConfiguration> shared =
        sc.broadcast(new SerializableConfiguration(hadoop));
    PartPlan<Section> plan =
        PartPlan.of(
            location,
            layout.get().parts(),
            layout.get().parted(),
            options.wanted(),
            options.testSplit());
    List<String> notes = new ArrayList<>();
    FileLabels labels = null;
    if (options.labels() && options.labelsFile().isPresent()) {
      labels = fileLabels(place, options, hadoop);
    }
    ClassNames names = names(place, plan, options, labels, hadoop);
    notes.addAll(names.remarks());
    if (!layout.get().unread().isEmpty()) {
      notes.add("not read: " + String.join(", ", layout.get().unread()));
    }
    if (plan.split().divides()) {
      notes.add(plan.split().words());
    }
    ImageFolder folder = new ImageFolder(sc, shared, place, plan, names, labels, options, notes);
    return Optional.of(new RecordIngest(sc, location, folder, options));
  }

  @Override
  public boolean takesLabelsFile() {
    return true;
  }

  private static FileLabels fileLabels(DataPlace place, DataOptions options, Configuration hadoop)
      throws IOException {
    String name = options.labelsFile().get();
    boolean beside = place.find(name, hadoop).isPresent();
    DataPlace file = DataPlace.of(beside ? place.resolve(name) : name);
    if (file.find("", hadoop).isEmpty()) {
      throw new IOException("%s: no such file, neither here nor in %s".formatted(name, place));
    }
    try (InputStream in = file.parent().open(file.name(), hadoop)) {
      return FileLabels.read(name, in, options.imageColumn(), options.labelColumn());
    }
  }

  private static ClassNames names(
      DataPlace place,
      PartPlan<Section> plan,
      DataOptions options,
      FileLabels labels,
      Configuration hadoop)
      throws IOException {
    Section naming = plan.places().get(plan.naming());
    boolean labelled = options.labels() && (labels != null || naming.labelled());
    if (!labelled && plan.naming() == Part.TRAIN) {
      throw new IOException(
          place.resolve(naming.directory())
              + ": no directories of classes, expected CLASS/... in it, or --labels-file FILE");
    }
    if (options.classNames().isPresent()) {
      return options.classNames().get();
    }
    if (!labelled) {
      return ClassNames.digits(1);
    }
    if (labels != null) {
      return labels.classes();
    }
    Optional<ClassNames> written = ClassNames.in(place, hadoop);
    if (written.isPresent()) {
      return written.get().forWords(naming.classes());
    }
    try {
      return new ClassNames(naming.classes());
    } catch (IllegalArgumentException e) {
      throw new IOException(place.resolve(naming.directory()) + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<StoredImage> stored(
      DataPlace place, String source, DataOptions options, Configuration configuration)
      throws IOException {
    try {
      long bytes =
          place
              .find(source, configuration)
              .orElseThrow(() -> new IOException(place.resolve(source) + ": no such file"))
              .bytes();
      Object content =
          new FileReader(place).read(source, new SourceRecord(null, bytes), configuration);
      return Optional.of(new StoredImage(content, ImageForm.encoded(options.decode())));
    } catch (BadRecordException e) {
      throw new IOException(place.resolve(source) + ": " + e.getMessage(), e);
    }
  }
}
