package io.sparkcam.network.file.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.ModelOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that name other files, promise more than they hold, or hold something else: see {@code
 * make_hostile.py} beside them.
 */
class HostileKerasTest {
  private static final Path FILES = Path.of("src/test/resources/cases/hostile/h5");
  private static final ImageShape MNIST = new ImageShape(28, 28, 1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          external | cannot be read as HDF5: cut short, damaged, or its arrays lie elsewhere
          virtual | cannot be read as HDF5: cut short, damaged, or its arrays lie elsewhere
          external-link | conv2d/conv2d/kernel:0 is a link, expected an array in the file itself
          soft-link | conv2d/conv2d/kernel:0 is a link, expected an array in the file itself
          huge | conv2d/conv2d/kernel:0: array of [1048576, 1048576, 1, 8], expected [3, 3, 1, 8]
          wrapped | cannot be read as HDF5: cut short, damaged, or its arrays lie elsewhere
          large-chunk | conv2d/conv2d/kernel:0: chunks of 65536 bytes, expected at most 576
          unwritten | conv2d/conv2d/kernel:0: holds nothing, expected 72 numbers
          bomb | conv2d/conv2d/kernel:0: compressed ([deflate]), expected plain numbers
          compound | conv2d/conv2d/kernel:0: CompoundDataType, expected numbers of 32 bits
          texts | conv2d/conv2d/kernel:0: VariableLength, expected numbers of 32 bits
          cycle | more than 65536 groups and arrays, or 24 within each other
          versions | attribute keras_version is not one text, expected what Keras writes
          configurations | attribute model_config is not one text, expected what Keras writes
          number | attribute model_config is not one text, expected what Keras writes
          wide | cannot be explained: tensor of 1073741824 channels, 28 rows, 28 columns, expected at least 1 and at most 67108864 values
          padded | cannot be explained: tensor of 1 channels, 67108892 rows, 67108892 columns, expected at least 1 and at most 67108864 values
          """)
  void isRefused(String name, String why) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(FILES.resolve(name + ".h5")));
    IOException refused =
        assertThrows(
            IOException.class,
            () -> KerasFile.read(content, "m.h5", MNIST, Optional.empty(), ModelOptions.NONE));
    assertEquals("m.h5: " + why, refused.getMessage());
  }

  /** Weights are unpacked as far as memory for a model goes. */
  @Test
  void zipBombIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("config.json"));
      byte[] spaces = new byte[1 << 20];
      for (int i = 0; i < 20; i++) {
        zip.write(spaces);
      }
    }
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                KerasFile.read(
                    ByteBuffer.wrap(bytes.toByteArray()),
                    "m.keras",
                    MNIST,
                    Optional.empty(),
                    ModelOptions.NONE));
    assertEquals("m.keras: config.json is longer than 16777216 bytes", refused.getMessage());
  }
}
