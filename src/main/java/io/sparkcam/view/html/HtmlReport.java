package io.sparkcam.view.html;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Writes reports as HTML, in UTF-8. */
public final class HtmlReport {
  private static final Template PAGE = page("index.mustache");

  private HtmlReport() {}

  /** Writes the page; leaves the stream open. */
  public static void write(RunReport report, OutputStream out) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    PAGE.execute(ReportView.of(report), writer);
    writer.flush();
  }

  /** Writes a page of one table; leaves the stream open. */
  public static void write(TablePage table, OutputStream out) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    page("table.mustache").execute(table, writer);
    writer.flush();
  }

  /** Of how many pixels a picture of an image of that size is in the page. */
  public static int pixels(int height, int width) {
    int square = (Math.max(height, width) - 1) / MapPicture.LONGEST_SIDE + 1;
    return (height / square) * (width / square);
  }

  /** What a template names must be there: a typing error is found when it is first used. */
  private static Template page(String template) {
    try (Reader reader = open(template)) {
      return Mustache.compiler()
          .escapeHTML(true)
          .emptyStringIsFalse(true)
          .strictSections(true)
          .withLoader(name -> open(name.contains(".") ? name : name + ".mustache"))
          .compile(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(template, e);
    }
  }

  private static Reader open(String name) {
    InputStream in = HtmlReport.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException(name + ": not in this package");
    }
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }
}
