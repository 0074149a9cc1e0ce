package io.sparkcam.data.folder;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.ingest.ContentReader;
import io.sparkcam.data.ingest.SourceRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.hadoop.conf.Configuration;

/** Reads the file of an image, whose length its record holds. */
final class FileReader implements ContentReader {
  private static final long serialVersionUID = 1L;

  /** Longer files are not read: no image of {@code ImageShape.MAX_SIDE} comes close. */
  private static final int MAX_BYTES = 256 << 20;

  private final DataPlace place;

  FileReader(DataPlace place) {
    this.place = place;
  }

  @Override
  public Object read(String source, SourceRecord record, Configuration configuration)
      throws IOException, BadRecordException {
    if ((Long) record.content() > MAX_BYTES) {
      throw new BadRecordException(record.content() + " bytes, expected at most " + MAX_BYTES);
    }
    try (InputStream in = place.open(source, configuration)) {
      return in.readNBytes(MAX_BYTES);
    } catch (NoSuchFileException e) {
      throw new BadRecordException("no such file, or a link that leads nowhere");
    } catch (AccessDeniedException e) {
      throw new BadRecordException("cannot be read: access denied");
    }
  }
}
