package io.sparkcam.data.ingest;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.RowFiles.RowFile;
import io.sparkcam.data.ingest.RowFiles.WrittenFile;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/** Writes a part of the table of sources from a partition's ledger, once its first id is known. */
final class WriteSources implements Function<WriteSources.Assignment, WrittenFile> {
  private static final long serialVersionUID = 1L;

  private final IngestPlace place;
  private final boolean labelled;

  /**
   * @param labelled whether a label is a class
   */
  WriteSources(IngestPlace place, boolean labelled) {
    this.place = place;
    this.labelled = labelled;
  }

  /** The sources of a partition and their ids. */
  static final class Assignment implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Part part;
    private final int partition;
    private final String ledger;
    private final long firstId;
    private final long count;

    Assignment(Part part, int partition, String ledger, long firstId, long count) {
      this.part = part;
      this.partition = partition;
      this.ledger = ledger;
      this.firstId = firstId;
      this.count = count;
    }

    int partition() {
      return partition;
    }
  }

  @Override
  public WrittenFile call(Assignment assigned) throws IOException {
    Configuration hadoop = place.hadoop();
    String name =
        SourceTables.attempt(
            SourceTables.SOURCES,
            assigned.part,
            assigned.partition,
            TaskContext.get().taskAttemptId());
    try (DataInputStream ledger = SourceLedger.open(new Path(assigned.ledger), hadoop);
        RowFile table =
            place.rows().create(place.table(name), SourceTables.SOURCES_SCHEMA, hadoop)) {
      for (long id = assigned.firstId; id < assigned.firstId + assigned.count; id++) {
        SourceLedger.Entry entry = SourceLedger.read(ledger);
        Integer label =
            labelled && entry.label() != ImageBlock.UNKNOWN ? (Integer) entry.label() : null;
        table.write(
            assigned.part.label(),
            id,
            entry.name(),
            label,
            HexFormat.of().formatHex(entry.sha256()));
      }
      return table.finish();
    }
  }
}
