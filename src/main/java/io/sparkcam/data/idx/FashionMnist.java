package io.sparkcam.data.idx;

import io.sparkcam.data.ByteSource;
import io.sparkcam.storage.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What is known of Fashion-MNIST (Xiao, Rasul, Vollgraf 2017;
 * https://github.com/zalandoresearch/fashion-mnist).
 */
final class FashionMnist {
  /** Where Debian's package dataset-fashion-mnist installs it. */
  static final Path PACKAGED = Path.of("/usr/share/datasets/fashion-mnist");

  /**
   * Where the authors publish it; the second is a plain website, so only the checksums vouch for
   * what it sends.
   */
  static final List<URI> PUBLISHED_AT =
      List.of(
          URI.create(
              "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
          URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"));

  /**
   * The files as the authors publish them, in the order of the MD5s in their README:
   * 8d4fb7e6c68d591d4c3dfef9ec88bf0d, 25c81989df183df01b3e8a0aad5dffbe,
   * bef4ecab320f06d8554ea6380940ec79, bb300cfdad3c16e7a12a480ee83cd310. Debian's copies hold the
   * same compressed data behind a gzip header without name and time, so their checksums differ.
   */
  static final List<PublishedFile> FILES =
      List.of(
          new PublishedFile(
              "train-images-idx3-ubyte.gz",
              26_421_880,
              "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
          new PublishedFile(
              "train-labels-idx1-ubyte.gz",
              29_515,
              "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
          new PublishedFile(
              "t10k-images-idx3-ubyte.gz",
              4_422_102,
              "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
          new PublishedFile(
              "t10k-labels-idx1-ubyte.gz",
              5_148,
              "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

  private static final int TEST_LABELS = 10_000;
  private static final String TEST_LABELS_SHA256 =
      "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9";

  private FashionMnist() {}

  /** Whether these are its test labels, however compressed. */
  static boolean areTestLabels(ByteSource testLabels) throws IOException {
    try (IdxInput input = IdxInput.labels(testLabels)) {
      if (input.count() != TEST_LABELS) {
        return false;
      }
      byte[] labels = new byte[TEST_LABELS];
      input.read(labels, labels.length);
      return Sha256.of(labels).equals(TEST_LABELS_SHA256);
    }
  }
}
