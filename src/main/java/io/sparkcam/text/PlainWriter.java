package io.sparkcam.text;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** Writes out characters that are not seen, such as those that turn the direction of writing. */
final class PlainWriter extends FilterWriter {
  PlainWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(int c) throws IOException {
    if (Character.getType(c) == Character.FORMAT) {
      out.write(Printable.escaped(c));
    } else {
      out.write(c);
    }
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    write(new String(text, from, length), 0, length);
  }

  @Override
  public void write(String text, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      write(text.charAt(i));
    }
  }
}
