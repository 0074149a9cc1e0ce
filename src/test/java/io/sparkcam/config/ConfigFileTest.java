package io.sparkcam.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("a.properties"), text);
  }

  @Test
  void valuesAreWhatFollowsTheFirstEqualsSign() throws IOException {
    Map<Setting<?>, OptionValue> read =
        ConfigFile.read(file(" data =  C:\\x y=z \r\n# c\n\nepochs=3"));
    assertEquals("C:\\x y=z", read.get(Setting.DATA).text());
    assertEquals("3", read.get(Setting.EPOCHS).text());
    assertEquals(2, read.size());
  }

  @Test
  void aLineWithoutEqualsSignIsRefused() throws IOException {
    Path file = file("epochs = 1\nepochs 3\n");
    Exception e = assertThrows(IllegalArgumentException.class, () -> ConfigFile.read(file));
    assertEquals(file + ":2: expected key = value, found: epochs 3", e.getMessage());
  }

  @Test
  void aDoubledKeyIsRefused() throws IOException {
    Path file = file("epochs = 1\n\nepochs = 3\n");
    Exception e = assertThrows(IllegalArgumentException.class, () -> ConfigFile.read(file));
    assertEquals(file + ":3: epochs is already set, at " + file + ":1: epochs", e.getMessage());
  }

  @Test
  void anUnknownKeyIsRefusedAndTheLikelyOneNamed() throws IOException {
    Path file = file("\nlearning_rate = 1\n");
    Exception e = assertThrows(IllegalArgumentException.class, () -> ConfigFile.read(file));
    assertEquals(
        file + ":2: unknown key learning_rate; did you mean learning-rate?", e.getMessage());
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    Path file = Files.write(directory.resolve("b.properties"), new byte[] {'#', (byte) 0xff});
    Exception e = assertThrows(IOException.class, () -> ConfigFile.read(file));
    assertEquals(file + ": not UTF-8 text", e.getMessage());
  }

  @Test
  void theInstallationsFileIsTheOneTheSystemPropertyNames() throws IOException {
    Path file = file("epochs = 3\n");
    String before = System.setProperty("sparkcam.conf", file.toString());
    try {
      assertEquals(Optional.of(file), ConfigFile.ofInstallation());
      System.setProperty("sparkcam.conf", directory.resolve("none").toString());
      assertEquals(Optional.empty(), ConfigFile.ofInstallation());
    } finally {
      if (before == null) {
        System.clearProperty("sparkcam.conf");
      } else {
        System.setProperty("sparkcam.conf", before);
      }
    }
  }

  @Test
  void theDeliveredDefaultsAreTheBuiltInOnes() throws IOException {
    Map<Setting<?>, OptionValue> delivered =
        ConfigFile.read(Path.of("conf", "sparkcam.properties"));
    assertEquals(Setting.all(), delivered.keySet());
    delivered.forEach(
        (setting, given) -> assertEquals(setting.builtIn(), given.text(), setting.key()));
  }

  @Test
  void everyDeliveredKeyIsExplained() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("conf", "sparkcam.properties"));
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
        assertTrue(lines.get(i - 1).startsWith("# "), lines.get(i));
      }
    }
  }

  @Test
  void theExampleForAClusterCanBeUsed() throws IOException {
    Settings settings =
        Settings.of(List.of(ConfigFile.read(Path.of("conf", "cluster.properties"))));
    assertEquals(
        32, settings.get(Setting.WORKERS).orElseThrow() * settings.or(Setting.BATCH_SIZE, 32));
  }
}
