package io.sparkcam.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which SparkCAM this is. */
public final class Version {
  private Version() {}

  /** The version this was built as; {@code unpackaged} for classes that are in no jar. */
  public static String number() {
    String resource = "/META-INF/maven/io.sparkcam/sparkcam/pom.properties";
    try (InputStream stream = Version.class.getResourceAsStream(resource)) {
      Properties properties = new Properties();
      if (stream != null) {
        properties.load(stream);
      }
      return properties.getProperty("version", "unpackaged");
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
