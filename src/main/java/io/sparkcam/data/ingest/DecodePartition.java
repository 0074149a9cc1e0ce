package io.sparkcam.data.ingest;

import io.sparkcam.data.ChunkWriter;
import io.sparkcam.data.ChunkWriter.Written;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.Part;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.data.ingest.RowFiles.RowFile;
import io.sparkcam.data.ingest.RowFiles.WrittenFile;
import io.sparkcam.storage.Sha256;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/**
 * Decodes the sources of a partition in the order of their keys and writes the good ones into
 * chunks and a ledger, the bad ones into a part of the quarantine. An image at a time is in memory.
 */
final class DecodePartition
    implements Function2<
        Integer, Iterator<Tuple2<SourceKey, SourceRecord>>, Iterator<DecodePartition.Outcome>> {
  private static final long serialVersionUID = 1L;

  private final Part part;
  private final ContentReader reader;
  private final ImageForm form;
  private final Labels labels;
  private final int height;
  private final int width;
  private final int channels;
  private final int classes;
  private final boolean quarantine;
  private final IngestPlace place;

  DecodePartition(
      Part part,
      ContentReader reader,
      ImageForm form,
      Labels labels,
      ImageShape shape,
      int classes,
      boolean quarantine,
      IngestPlace place) {
    this.part = part;
    this.reader = reader;
    this.form = form;
    this.labels = labels;
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.classes = classes;
    this.quarantine = quarantine;
    this.place = place;
  }

  /** What became of a partition. */
  static final class Outcome implements Serializable {
    private static final long serialVersionUID = 1L;
    final int partition;
    Written written;
    String ledger;
    long good;
    long bad;
    long constant;

    /** The first bad record by key; null if there is none. */
    String firstBad;

    byte[] imagesDigest;
    byte[] labelsDigest;
    WrittenFile quarantined;

    Outcome(int partition) {
      this.partition = partition;
    }
  }

  @Override
  public Iterator<Outcome> call(
      Integer partition, Iterator<Tuple2<SourceKey, SourceRecord>> sources) throws IOException {
    try (Decoding decoding = new Decoding(partition, TaskContext.get().taskAttemptId())) {
      while (sources.hasNext()) {
        Tuple2<SourceKey, SourceRecord> source = sources.next();
        decoding.add(source._1.source(), source._2);
      }
      return List.of(decoding.finish()).iterator();
    }
  }

  /** One run of the task. */
  private final class Decoding implements AutoCloseable {
    private final Configuration hadoop = place.hadoop();
    private final ImageShape shape = new ImageShape(height, width, channels);
    private final MessageDigest images = Sha256.digest();
    private final MessageDigest labelled = Sha256.digest();
    private final Outcome outcome;
    private final long attempt;
    private final ChunkWriter chunks;
    private final Path ledgerFile;
    private final DataOutputStream ledger;
    private RowFile bad;

    Decoding(int partition, long attempt) throws IOException {
      this.outcome = new Outcome(partition);
      this.attempt = attempt;
      String name = String.format(Locale.ROOT, "%s-%05d-%d", part.label(), partition, attempt);
      chunks = ChunkWriter.create(place.chunks(), name, shape, classes, hadoop);
      ledgerFile = new Path(place.chunks(), name + ".ledger");
      ledger = SourceLedger.create(ledgerFile, hadoop);
      // A table has a file, even without rows.
      if (quarantine && partition == 0) {
        bad = quarantineFile();
      }
    }

    private RowFile quarantineFile() throws IOException {
      String name = SourceTables.attempt(SourceTables.QUARANTINE, part, outcome.partition, attempt);
      return place.rows().create(place.table(name), SourceTables.QUARANTINE_SCHEMA, hadoop);
    }

    void add(String name, SourceRecord record) throws IOException {
      try {
        int label = labels.of(record.label());
        Object content = reader.read(name, record, hadoop);
        byte[] pixels = form.pixels(content, shape);
        byte[] sha256 = Sha256.digest().digest(content instanceof byte[] file ? file : pixels);
        chunks.write(label, pixels);
        SourceLedger.write(ledger, name, label, sha256);
        update(images, HexFormat.of().formatHex(sha256) + "  " + name);
        update(labelled, Integer.toString(label));
        outcome.good++;
        outcome.constant += isConstant(pixels) ? 1 : 0;
      } catch (BadRecordException e) {
        if (outcome.bad++ == 0) {
          outcome.firstBad = name + ": " + e.getMessage();
        }
        if (quarantine) {
          bad = bad == null ? quarantineFile() : bad;
          bad.write(part.label(), name, e.getMessage());
        }
      }
    }

    private boolean isConstant(byte[] pixels) {
      int plane = shape.height() * shape.width();
      for (int i = 0; i < pixels.length; i++) {
        if (pixels[i] != pixels[i / plane * plane]) {
          return false;
        }
      }
      return true;
    }

    private void update(MessageDigest digest, String line) {
      digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    Outcome finish() throws IOException {
      outcome.written = chunks.finish();
      ledger.close();
      outcome.ledger = ledgerFile.toString();
      outcome.imagesDigest = images.digest();
      outcome.labelsDigest = labelled.digest();
      outcome.quarantined = bad == null ? null : bad.finish();
      return outcome;
    }

    @Override
    @SuppressWarnings("try") // only closed
    public void close() throws IOException {
      try (chunks;
          ledger;
          RowFile open = bad) {
        // each is closed, whatever the others do
      }
    }
  }
}
