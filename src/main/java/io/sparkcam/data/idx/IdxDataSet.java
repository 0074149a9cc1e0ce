package io.sparkcam.data.idx;

import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataDirectory;
import io.sparkcam.data.Part;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The four IDX files of a data set laid out as MNIST is, and what its classes are called. */
public record IdxDataSet(
    String location,
    ClassNames classNames,
    ByteSource trainImages,
    ByteSource trainLabels,
    ByteSource testImages,
    ByteSource testLabels) {
  private static final Pattern NAME =
      Pattern.compile("(train|t10k)-(images-idx3|labels-idx1)-ubyte(\\.gz)?");

  /**
   * The data set in a directory: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte},
   * {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or with {@code
   * .gz}.
   *
   * <p>Its classes are named by its own {@code labels.txt} or {@code classes.txt}; without one, as
   * the authors name them if the test labels are Fashion-MNIST's, else by the digits 0 to 9.
   */
  public static IdxDataSet in(DataDirectory directory) throws IOException {
    ByteSource trainImages = directory.require("train-images-idx3-ubyte");
    ByteSource trainLabels = directory.require("train-labels-idx1-ubyte");
    ByteSource testImages = directory.require("t10k-images-idx3-ubyte");
    ByteSource testLabels = directory.require("t10k-labels-idx1-ubyte");
    Optional<ClassNames> named = ClassNames.in(directory);
    ClassNames names = named.isPresent() ? named.get() : FashionMnist.classNames(testLabels);
    return new IdxDataSet(
        directory.location(), names, trainImages, trainLabels, testImages, testLabels);
  }

  /** Whether a directory holds any file by whose name {@link #in} would look for it. */
  public static boolean isIn(DataDirectory directory) {
    return directory.files().stream().anyMatch(file -> NAME.matcher(file.name()).matches());
  }

  /** The file of a part's images. */
  public ByteSource images(Part part) {
    return part == Part.TRAIN ? trainImages : testImages;
  }

  /** The file of a part's labels. */
  public ByteSource labels(Part part) {
    return part == Part.TRAIN ? trainLabels : testLabels;
  }
}
