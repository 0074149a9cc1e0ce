package io.sparkcam.data.idx;

import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.DataFormat;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/** IDX files, laid out as {@link IdxLayout} finds them. */
public final class IdxFormat implements DataFormat {
  /** Fewer classes than MNIST has are not told from an extract of it. */
  private static final int LEAST_CLASSES = 10;

  private static final int MAX_MAPPING_BYTES = 1 << 16;

  @Override
  public Optional<ImageSource> open(JavaSparkContext sc, String location, DataOptions options)
      throws IOException {
    Configuration hadoop = sc.hadoopConfiguration();
    DataPlace place = DataPlace.of(location);
    if (place.find("", hadoop).filter(DataPlace.Entry::directory).isEmpty()) {
      return Optional.empty();
    }
    Optional<IdxLayout> layout = IdxLayout.of(place, hadoop);
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    if (options.testSplit().isPresent()) {
      throw new IOException(location + ": IDX files are not split, --test-split is for others");
    }
    IdxLayout.Pair training = layout.get().parts().get(Part.TRAIN);
    if (training != null && options.wanted().contains(Part.TRAIN) && training.labels().isEmpty()) {
      throw IdxLayout.missing(place, layout.get().directory(), "train-labels-idx1-ubyte", hadoop);
    }
    ClassNames own = classNames(place, layout.get(), hadoop);
    return Optional.of(
        new IdxImages(
            sc,
            location,
            place,
            layout.get().parts(),
            options.classNames().orElse(own),
            form(place, layout.get(), own, options, hadoop)));
  }

  /** The files of a part; empty if the place has none. */
  public static Optional<Files> files(DataPlace place, Part part, Configuration hadoop)
      throws IOException {
    return IdxLayout.of(place, hadoop)
        .map(layout -> layout.parts().get(part))
        .map(
            pair ->
                new Files(
                    place.file(pair.images(), hadoop),
                    pair.labels().map(labels -> place.file(labels, hadoop))));
  }

  /** Of a part; images alone have no labels. */
  public record Files(ByteSource images, Optional<ByteSource> labels) {}

  /** How the images of a place are read. */
  public static IdxChunks.Form form(DataPlace place, DataOptions options, Configuration hadoop)
      throws IOException {
    IdxLayout layout =
        IdxLayout.of(place, hadoop)
            .orElseThrow(() -> new IOException(place + ": no IDX files of images"));
    return form(place, layout, classNames(place, layout, hadoop), options, hadoop);
  }

  private static IdxChunks.Form form(
      DataPlace place, IdxLayout layout, ClassNames own, DataOptions options, Configuration hadoop)
      throws IOException {
    Labels labels = Labels.none();
    if (options.labels()) {
      boolean named = !own.equals(ClassNames.digits(own.count()));
      Set<String> used = options.classNames().isPresent() ? used(place, layout, hadoop) : Set.of();
      labels = Labels.ofNumbers(own, named, options.classNames(), used, place.toString());
    }
    return new IdxChunks.Form(options.classNames().orElse(own).count(), labels, options.decode());
  }

  private static Set<String> used(DataPlace place, IdxLayout layout, Configuration hadoop)
      throws IOException {
    Set<String> used = new HashSet<>();
    for (String labels : layout.labels()) {
      numbers(place.file(labels, hadoop)).stream().mapToObj(Integer::toString).forEach(used::add);
    }
    return used;
  }

  /**
   * By the data set's own {@code labels.txt} or {@code classes.txt}, else EMNIST's mapping, else as
   * the authors name them if the test labels are Fashion-MNIST's, else by the numbers from 0.
   */
  static ClassNames classNames(DataPlace place, IdxLayout layout, Configuration hadoop)
      throws IOException {
    Optional<ClassNames> written = ClassNames.in(place, hadoop);
    if (written.isPresent()) {
      return written.get();
    }
    Optional<ClassNames> mapped = mapping(place, layout.directory(), hadoop);
    if (mapped.isPresent()) {
      return mapped.get();
    }
    int classes = LEAST_CLASSES;
    for (String file : layout.labels()) {
      ByteSource labels = place.file(file, hadoop);
      if (FashionMnist.areTestLabels(labels)) {
        return ClassNames.FASHION_MNIST;
      }
      classes = Math.max(classes, numbers(labels).length());
    }
    return ClassNames.digits(classes);
  }

  /** The numbers that are labels. */
  private static BitSet numbers(ByteSource file) throws IOException {
    BitSet numbers = new BitSet();
    try (IdxInput labels = IdxInput.labels(file)) {
      byte[] buffer = new byte[1 << 16];
      for (long left = labels.count(); left > 0; left -= buffer.length) {
        int length = (int) Math.min(left, buffer.length);
        labels.read(buffer, length);
        for (int i = 0; i < length; i++) {
          numbers.set(buffer[i] & 0xff);
        }
      }
    }
    return numbers;
  }

  /** EMNIST's: a line a label with the codes of its characters. */
  private static Optional<ClassNames> mapping(
      DataPlace place, String directory, Configuration hadoop) throws IOException {
    for (DataPlace.Entry entry : place.list(directory, hadoop)) {
      if (!entry.name().endsWith("mapping.txt")) {
        continue;
      }
      String file = DataPlace.join(directory, entry.name());
      try (InputStream in = place.open(file, hadoop)) {
        String text = new String(in.readNBytes(MAX_MAPPING_BYTES), StandardCharsets.US_ASCII);
        TreeMap<Integer, String> names = new TreeMap<>();
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
          String[] words = line.strip().split("\\s+", -1);
          names.put(Integer.valueOf(words[0]), Character.toString(Integer.parseInt(words[1])));
        }
        List<String> all = new ArrayList<>();
        for (int label = 0; label <= names.lastKey(); label++) {
          all.add(names.getOrDefault(label, "label " + label));
        }
        return Optional.of(new ClassNames(all));
      } catch (RuntimeException e) {
        throw new IOException(
            place.resolve(file) + ": expected a label and the code of its character a line", e);
      }
    }
    return Optional.empty();
  }

  /** Runs of IDX files have no table of sources. */
  @Override
  public Optional<StoredImage> stored(
      DataPlace place, String source, DataOptions options, Configuration configuration) {
    return Optional.empty();
  }
}
