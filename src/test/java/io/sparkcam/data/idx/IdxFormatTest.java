package io.sparkcam.data.idx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.testing.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxFormatTest {
  private static final Configuration HADOOP = ObjectStore.in(new Configuration());

  @TempDir Path directory;

  @Test
  void hadoopAndThisMachineReadTheSame() throws IOException {
    DataPlace local = DataPlace.of(Idx.EXTRACT.toString());
    DataPlace hadoop = DataPlace.of(ObjectStore.uri(Idx.EXTRACT));

    StoredPart fromLocal = store(local, Part.TEST);
    StoredPart fromHadoop = store(hadoop, Part.TEST);

    assertEquals(fromLocal.images(), fromHadoop.images());
    assertEquals(fromLocal.labels(), fromHadoop.labels());
    assertArrayEquals(Idx.read(fromLocal).pixels(), Idx.read(fromHadoop).pixels());
    assertEquals(200, fromLocal.count());
    assertEquals(600, store(local, Part.TRAIN).count());
    assertEquals(ClassNames.FASHION_MNIST, names(local));
    assertEquals(ClassNames.FASHION_MNIST, names(hadoop));
  }

  private StoredPart store(DataPlace place, Part part) throws IOException {
    IdxFormat.Files files = IdxFormat.files(place, part, HADOOP).orElseThrow();
    return Idx.store(files.images(), files.labels().orElseThrow(), 10, ImageSource.ALL, directory);
  }

  private static ClassNames names(DataPlace place) throws IOException {
    return IdxFormat.classNames(place, IdxLayout.of(place, HADOOP).orElseThrow(), HADOOP);
  }

  private DataPlace place() {
    return DataPlace.of(directory.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "train-labels-idx1-ubyte, train-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte"
  })
  void missingFileIsNamed(String there, String missing) throws IOException {
    Files.createFile(directory.resolve(there));
    for (int i = 0; i < 10; i++) {
      Files.createFile(directory.resolve("a" + i));
    }

    assertEquals(
        directory
            + ": "
            + missing
            + "[.gz] is missing; found a0, a1, a2, a3, a4, a5, a6, a7, a8,"
            + " a9 and 1 more",
        assertThrows(IOException.class, () -> IdxLayout.of(place(), HADOOP)).getMessage());
  }

  @Test
  void plainFilesComeBeforeCompressedOnes() throws IOException {
    for (String name : new String[] {"images-idx3-ubyte", "labels-idx1-ubyte"}) {
      Files.createFile(directory.resolve("t10k-" + name));
      Files.createFile(directory.resolve("t10k-" + name + ".gz"));
    }

    IdxFormat.Files files = IdxFormat.files(place(), Part.TEST, HADOOP).orElseThrow();

    assertEquals("t10k-images-idx3-ubyte", files.images().name());
    assertEquals("t10k-labels-idx1-ubyte", files.labels().orElseThrow().name());
  }

  @Test
  void unnamedClassesAreDigits() throws IOException {
    Files.write(directory.resolve("train-images-idx3-ubyte"), Idx.images(1, 1, 1));
    Files.write(directory.resolve("train-labels-idx1-ubyte"), Idx.labels(0));
    assertEquals(ClassNames.digits(10), names(place()));

    Files.write(directory.resolve("train-labels-idx1-ubyte"), Idx.labels(46));
    assertEquals(ClassNames.digits(47), names(place()));
  }

  @Test
  void fashionMnistIsKnownByItsTestLabels() throws IOException {
    assumeTrue(Files.isDirectory(FashionMnist.PACKAGED), "needs Debian's dataset-fashion-mnist");
    ByteSource packaged = Idx.file(FashionMnist.PACKAGED.resolve("t10k-labels-idx1-ubyte.gz"));
    byte[] labels = Idx.gunzip(packaged);

    assertTrue(FashionMnist.areTestLabels(packaged));
    assertTrue(FashionMnist.areTestLabels(Idx.bytes("l", labels)));
    assertFalse(
        FashionMnist.areTestLabels(Idx.bytes("l", Idx.with(labels, 9000, labels[9000] ^ 1))));
  }
}
