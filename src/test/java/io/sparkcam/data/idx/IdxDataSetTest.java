package io.sparkcam.data.idx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataDirectory;
import io.sparkcam.data.HadoopFile;
import io.sparkcam.data.LocalFile;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.StoredPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxDataSetTest {
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  private static final Configuration HADOOP = new Configuration(false);

  @TempDir Path directory;

  @Test
  void hadoopAndThisMachineReadTheSame() throws IOException {
    IdxDataSet local = IdxDataSet.in(DataDirectory.of(Idx.EXTRACT.toString(), HADOOP));
    IdxDataSet hadoop = IdxDataSet.in(DataDirectory.of(Idx.EXTRACT.toUri().toString(), HADOOP));

    StoredPart fromLocal = store(local, Part.TEST);
    StoredPart fromHadoop = store(hadoop, Part.TEST);

    assertEquals(HadoopFile.class, hadoop.testImages().getClass());
    assertEquals(fromLocal.images(), fromHadoop.images());
    assertEquals(fromLocal.labels(), fromHadoop.labels());
    assertArrayEquals(Idx.read(fromLocal).pixels(), Idx.read(fromHadoop).pixels());
    assertEquals(200, fromLocal.count());
    assertEquals(600, store(local, Part.TRAIN).count());
    assertEquals(ClassNames.FASHION_MNIST, local.classNames());
    assertEquals(local.classNames(), hadoop.classNames());
  }

  private StoredPart store(IdxDataSet data, Part part) throws IOException {
    return Idx.store(data.images(part), data.labels(part), 10, ImageSource.ALL, directory);
  }

  @Test
  void everyMissingFileIsNamed() throws IOException {
    assertMissing("train-images-idx3-ubyte", "no files");
    createEmpty("train-images-idx3-ubyte.gz");
    assertMissing("train-labels-idx1-ubyte", "train-images-idx3-ubyte.gz");
    createEmpty("train-labels-idx1-ubyte");
    assertMissing("t10k-images-idx3-ubyte", "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte");
    createEmpty("t10k-images-idx3-ubyte");
    for (int i = 0; i < 9; i++) {
      createEmpty("a" + i);
    }
    assertMissing(
        "t10k-labels-idx1-ubyte",
        "a0, a1, a2, a3, a4, a5, a6, a7, a8, t10k-images-idx3-ubyte and 2 more");
  }

  @Test
  void missingDirectoryIsNamed() {
    String absent = directory.resolve("absent").toString();
    for (String location : List.of(absent, "file:" + absent)) {
      assertEquals(
          location + ": no such directory",
          assertThrows(IOException.class, () -> DataDirectory.of(location, HADOOP)).getMessage());
    }
    assertEquals(
        "the data directory has no name",
        assertThrows(IllegalArgumentException.class, () -> DataDirectory.of(" ", HADOOP))
            .getMessage());
  }

  @Test
  void plainFilesComeBeforeCompressedOnes() throws IOException {
    createEmpty("t10k-labels-idx1-ubyte");
    createEmpty("t10k-labels-idx1-ubyte.gz");

    assertEquals(
        "t10k-labels-idx1-ubyte",
        DataDirectory.of(directory).require("t10k-labels-idx1-ubyte").name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"labels.txt", "classes.txt"})
  void directoryMayNameItsClasses(String file) throws IOException {
    createSmallDataSet();
    Files.writeString(directory.resolve(file), "\ufeffcat\r\n dog \r\nÿak\r\n\r\n");

    assertEquals(
        new ClassNames(List.of("cat", "dog", "ÿak")),
        IdxDataSet.in(DataDirectory.of(directory)).classNames());
  }

  @Test
  void badClassNamesAreRefused() throws IOException {
    createSmallDataSet();

    assertNamesRefused("cat\n\ndog\n", "class 1 is named '', expected a name of its own");
    assertNamesRefused("cat\ndog\ncat", "class 2 is named 'cat', expected a name of its own");
    assertNamesRefused(
        "cat\n\u001b[2Jdog\u009b",
        "class 1 is named '?[2Jdog?', expected no control characters (here ?)");
    assertNamesRefused("", "0 class names, expected 1 to 65536");
    assertNamesRefused(
        "x\n".repeat(2_200_000), "longer than 4194304 bytes, expected one class name a line");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 65537; i++) {
      many.append(i).append('\n');
    }
    assertNamesRefused(many.toString(), "65537 class names, expected 1 to 65536");
    Files.write(directory.resolve("labels.txt"), "ÿ".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        "labels.txt: not UTF-8 text",
        assertThrows(IOException.class, () -> IdxDataSet.in(DataDirectory.of(directory)))
            .getMessage());
  }

  @Test
  void unnamedClassesAreDigits() throws IOException {
    createSmallDataSet();

    ClassNames names = IdxDataSet.in(DataDirectory.of(directory)).classNames();

    assertEquals(ClassNames.digits(10), names);
    assertEquals(10, names.count());
    assertEquals("8", names.of(8));
  }

  @Test
  void fashionMnistIsKnownByItsTestLabels() throws IOException {
    assumeTrue(Files.isDirectory(FashionMnist.PACKAGED), "needs Debian's dataset-fashion-mnist");
    ByteSource packaged = new LocalFile(FashionMnist.PACKAGED.resolve("t10k-labels-idx1-ubyte.gz"));
    byte[] labels = Idx.gunzip(packaged);

    assertEquals(ClassNames.FASHION_MNIST, FashionMnist.classNames(packaged));
    assertEquals(ClassNames.FASHION_MNIST, FashionMnist.classNames(Idx.bytes("l", labels)));
    assertEquals(
        ClassNames.digits(10),
        FashionMnist.classNames(Idx.bytes("l", Idx.with(labels, 9000, labels[9000] ^ 1))));
  }

  private void assertMissing(String file, String found) {
    assertEquals(
        directory + ": " + file + "[.gz] is missing; found " + found,
        assertThrows(IOException.class, () -> IdxDataSet.in(DataDirectory.of(directory)))
            .getMessage());
  }

  private void assertNamesRefused(String text, String message) throws IOException {
    Files.writeString(directory.resolve("labels.txt"), text);
    assertEquals(
        "labels.txt: " + message,
        assertThrows(IOException.class, () -> IdxDataSet.in(DataDirectory.of(directory)))
            .getMessage());
  }

  private void createSmallDataSet() throws IOException {
    for (String file : FILES) {
      Files.write(
          directory.resolve(file), file.contains("images") ? Idx.images(1, 1, 1) : Idx.labels(0));
    }
  }

  private void createEmpty(String file) throws IOException {
    Files.createFile(directory.resolve(file));
  }
}
