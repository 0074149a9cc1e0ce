package io.sparkcam.data.ingest;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.Part;
import io.sparkcam.data.image.DecodeSettings;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How a data set is to be read.
 *
 * @param wanted the parts that are going to be read
 * @param imageColumn of tables: encoded images or arrays of pixels
 * @param labelColumn of tables: numbers or names
 * @param decode how images become pixels
 * @param classNames what the classes are called, where a model or a file says so
 * @param labels whether labels are read at all
 * @param labelsFile a table of the labels of image files
 * @param testSplit share of the images that are test images, where the data has none
 * @param badRecords what is done with images that cannot be used
 */
public record DataOptions(
    Set<Part> wanted,
    String imageColumn,
    String labelColumn,
    DecodeSettings decode,
    Optional<ClassNames> classNames,
    boolean labels,
    Optional<String> labelsFile,
    OptionalDouble testSplit,
    BadRecords badRecords) {
  public DataOptions {
    wanted = Set.copyOf(wanted);
  }

  /** The same for a command that reads these parts, with a model that knows these classes. */
  public DataOptions reading(Set<Part> parts, Optional<ClassNames> names) {
    return new DataOptions(
        parts, imageColumn, labelColumn, decode, names, labels, labelsFile, testSplit, badRecords);
  }
}
