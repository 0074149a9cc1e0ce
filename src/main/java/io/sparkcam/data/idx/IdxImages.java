package io.sparkcam.data.idx;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.IngestPlace;
import io.sparkcam.data.ingest.SharedFiles;
import io.sparkcam.data.ingest.StoredPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** Pairs of IDX files, or images alone, each read by one task. */
final class IdxImages implements ImageSource {
  private final JavaSparkContext sc;
  private final String location;
  private final DataPlace place;
  private final Map<Part, IdxLayout.Pair> files;
  private final ClassNames names;
  private final IdxChunks.Form form;

  IdxImages(
      JavaSparkContext sc,
      String location,
      DataPlace place,
      Map<Part, IdxLayout.Pair> files,
      ClassNames names,
      IdxChunks.Form form) {
    this.sc = sc;
    this.location = location;
    this.place = place;
    this.files = files;
    this.names = names;
    this.form = form;
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public Set<Part> parts() {
    return files.keySet();
  }

  @Override
  public ClassNames classNames() {
    return names;
  }

  @Override
  public boolean labelled(Part part) {
    return form.labels().labelled() && files.get(part).labels().isPresent();
  }

  @Override
  public List<String> notes() {
    return List.of();
  }

  @Override
  public StoredPart store(Part part, long limit, IngestPlace target) throws IOException {
    IdxLayout.Pair pair = files.get(part);
    List<String> names = new ArrayList<>(List.of(pair.images()));
    pair.labels().ifPresent(names::add);
    DataPlace shared = SharedFiles.of(sc, place, names, target);
    return sc.parallelize(List.of(part), 1)
        .map(new ReadPair(shared, pair.images(), pair.labels().orElse(null), form, limit, target))
        .first();
  }

  @Override
  public void close() {}

  private static final class ReadPair implements Function<Part, StoredPart> {
    private static final long serialVersionUID = 1L;
    private final DataPlace place;
    private final String images;
    private final String labels;
    private final IdxChunks.Form form;
    private final long limit;
    private final IngestPlace target;

    ReadPair(
        DataPlace place,
        String images,
        String labels,
        IdxChunks.Form form,
        long limit,
        IngestPlace target) {
      this.place = place;
      this.images = images;
      this.labels = labels;
      this.form = form;
      this.limit = limit;
      this.target = target;
    }

    @Override
    public StoredPart call(Part part) throws IOException {
      String attempt = part.label() + "-" + TaskContext.get().taskAttemptId();
      return IdxChunks.read(
          place.file(images, target.hadoop()),
          Optional.ofNullable(labels).map(file -> place.file(file, target.hadoop())),
          form,
          limit,
          target.chunks(),
          attempt,
          target.hadoop());
    }
  }
}
