package io.sparkcam.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The four IDX files of a data set laid out as MNIST is, and what its classes are called. */
public record IdxDataSet(
    String location,
    ClassNames classNames,
    ByteSource trainImages,
    ByteSource trainLabels,
    ByteSource testImages,
    ByteSource testLabels) {

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

  /** Spools the training part; see {@link IdxSpool#write}. */
  public Spool spoolTraining(Path file, long limit) throws IOException {
    return IdxSpool.write(trainImages, trainLabels, classNames.count(), file, limit);
  }

  /** Spools the test part; see {@link IdxSpool#write}. */
  public Spool spoolTest(Path file, long limit) throws IOException {
    return IdxSpool.write(testImages, testLabels, classNames.count(), file, limit);
  }
}
