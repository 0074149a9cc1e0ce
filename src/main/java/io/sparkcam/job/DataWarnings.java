package io.sparkcam.job;

import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.inputs.StoredData;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is worth a second look in the images of a part, a sentence each. */
final class DataWarnings {
  private static final int SHOWN = 10;

  private DataWarnings() {}

  static List<String> of(Part part, StoredData data, StoredPart stored) {
    List<String> warnings = new ArrayList<>();
    String images = part.label() + " images";
    if (stored.bad() > 0) {
      warnings.add(
          "%s of %s %s records are bad and were left out"
              .formatted(stored.bad(), stored.sourceCount(), part.label()));
    }
    if (!stored.ignored().isEmpty()) {
      warnings.add(
          "other files beside the %s, ignored: %s"
              .formatted(
                  images,
                  stored.ignored().entrySet().stream()
                      .map(kind -> kind.getValue() + " " + kind.getKey())
                      .collect(Collectors.joining(", "))));
    }
    if (stored.constant() > 0) {
      warnings.add(
          "%s of %s %s have the same value everywhere"
              .formatted(stored.constant(), stored.sourceCount() - stored.bad(), images));
    }
    if (stored.sorted() && part == Part.TRAIN) {
      warnings.add(
          "%s are in the order of their classes: those that are held out, or left out by a limit,"
                  .formatted(images)
              + " are of the last ones");
    }
    if (data.labelled(part) && part == Part.TRAIN) {
      if (stored.labelCounts().stream().filter(count -> count > 0).count() == 1) {
        warnings.add("all %s are of one class: there is nothing to tell apart".formatted(images));
      }
      List<String> missing = new ArrayList<>();
      for (int label = 0; label < stored.labelCounts().size(); label++) {
        if (stored.labelCounts().get(label) == 0) {
          missing.add(data.classNames().of(label));
        }
      }
      if (!missing.isEmpty()) {
        warnings.add(
            "%s of %s classes have no %s: %s%s"
                .formatted(
                    missing.size(),
                    stored.labelCounts().size(),
                    images,
                    String.join(", ", missing.subList(0, Math.min(SHOWN, missing.size()))),
                    missing.size() > SHOWN ? ", ..." : ""));
      }
    }
    return warnings;
  }
}
