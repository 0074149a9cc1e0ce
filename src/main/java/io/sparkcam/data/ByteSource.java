package io.sparkcam.data;

import java.io.IOException;
import java.io.InputStream;

/** A file that can be read from its start, wherever it is. */
public interface ByteSource {
  /** The file's name without its directory, as messages show it. */
  String name();

  /** Where it is, as every Hadoop reader understands it. */
  String address();

  /** A new stream from the first byte; the caller closes it. */
  InputStream open() throws IOException;
}
