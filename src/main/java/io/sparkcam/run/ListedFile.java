package io.sparkcam.run;

import io.sparkcam.storage.PlainName;
import java.util.Objects;

/**
 * A file of a run, but for the parts of its table.
 *
 * @param name relative to the run, directories separated by slashes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record ListedFile(String name, long bytes, String sha256) {
  public ListedFile {
    if (!PlainName.isPath(name)) {
      throw new IllegalArgumentException("file '" + name + "', expected a plain relative name");
    }
    Objects.requireNonNull(sha256, "sha256");
  }
}
