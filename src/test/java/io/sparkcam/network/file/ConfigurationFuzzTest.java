package io.sparkcam.network.file;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sparkcam.network.RandomNetwork;
import io.sparkcam.network.TrainableNetwork;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Whatever configuration comes with the parameters of a small network is read or refused. */
class ConfigurationFuzzTest {
  private static byte[] parameters;

  @FuzzTest(maxDuration = "10s")
  void json(byte[] content) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry("configuration.json"));
      zip.write(content);
      zip.putNextEntry(new ZipEntry("coefficients.bin"));
      zip.write(parameters());
    }
    try {
      ModelZip.recognise(
          ModelZip.read(new ByteArrayInputStream(file.toByteArray()), "fuzz.zip"),
          "fuzz.zip",
          4,
          4,
          1);
    } catch (IOException refused) {
      // what is expected of most
    }
  }

  private static byte[] parameters() throws IOException {
    if (parameters == null) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      ModelZip.write(
          RandomNetwork.parse("1x4x4 3p 2", 3).network(TrainableNetwork.adam(1e-3), 7), file);
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file.toByteArray()))) {
        zip.getNextEntry();
        zip.getNextEntry();
        parameters = zip.readAllBytes();
      }
    }
    return parameters;
  }
}
