package io.sparkcam.data.table;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.Part;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.ingest.Labels;
import io.sparkcam.data.ingest.PartPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The classes of a table, as its column of labels spells them: names in their sorted order, or
 * numbers, which are classes themselves.
 */
final class TableLabels {
  /** As Hugging Face marks the rows of test sets whose labels are kept secret. */
  private static final String WITHHELD = "-1";

  private final DataPlace place;
  private final String column;
  private final Map<Part, LabelSurvey> surveys;
  private final ClassNames names;
  private final Labels labels;

  /** The classes of each different list of labels, where there are lists. */
  private final List<List<Integer>> sets = new ArrayList<>();

  /**
   * Decides what the classes are.
   *
   * @param column of labels; null if none is read
   * @param surveys of the parts that have the column
   * @param numbers whether the column is of numbers
   * @param lists whether it is of lists of them
   * @param written what the data set calls the classes, by number
   * @param known what the model calls them
   */
  TableLabels(
      DataPlace place,
      PartPlan<?> plan,
      String column,
      Map<Part, LabelSurvey> surveys,
      boolean numbers,
      boolean lists,
      Optional<ClassNames> written,
      Optional<ClassNames> known)
      throws IOException {
    this.place = place;
    this.column = column;
    this.surveys = new EnumMap<>(Part.class);
    surveys.forEach(
        (part, survey) -> {
          if (survey.rows.keySet().stream().anyMatch(word -> !word.equals(WITHHELD))) {
            this.surveys.put(part, survey);
          }
        });
    if (this.surveys.isEmpty()) {
      names = ClassNames.digits(1);
      labels = Labels.none();
      return;
    }
    Part naming =
        this.surveys.containsKey(plan.naming())
            ? plan.naming()
            : this.surveys.keySet().iterator().next();
    Set<String> used = new TreeSet<>();
    this.surveys.values().forEach(survey -> used.addAll(survey.rows.keySet()));
    List<String> words =
        new ArrayList<>(
            lists ? elements(used) : new TreeSet<>(this.surveys.get(naming).rows.keySet()));
    Labels single;
    if (!numbers) {
      ClassNames own = written.isPresent() ? written.get() : named(words);
      names = known.orElse(own);
      requireKnown(known, words);
      single = Labels.of(names.names());
    } else {
      int count = 0;
      for (String word : words) {
        count = word.matches("\\d{1,9}") ? Math.max(count, Integer.parseInt(word) + 1) : count;
      }
      if (count < 1 || count > ClassNames.MOST) {
        throw new IOException(
            "%s: labels %s to %s, expected whole numbers from 0 to %s"
                .formatted(
                    where(), words.get(0), words.get(words.size() - 1), ClassNames.MOST - 1));
      }
      ClassNames own = written.orElse(ClassNames.digits(count));
      names = known.orElse(own);
      single =
          Labels.ofNumbers(
              own, written.isPresent(), known, lists ? new TreeSet<>(words) : used, where());
    }
    labels = lists ? ofLists(used, single) : single;
  }

  private Set<String> elements(Set<String> lists) throws IOException {
    try {
      Set<String> all = LabelLists.all(lists);
      if (all.isEmpty()) {
        throw new IllegalArgumentException("no list of labels has any");
      }
      return all;
    } catch (IllegalArgumentException e) {
      throw new IOException(where() + ": " + e.getMessage(), e);
    }
  }

  private Labels ofLists(Set<String> lists, Labels single) throws IOException {
    for (String list : lists) {
      TreeSet<Integer> classes = new TreeSet<>();
      for (String word : LabelLists.labels(list)) {
        try {
          classes.add(single.of(word));
        } catch (BadRecordException e) {
          throw new IOException(where() + ": " + e.getMessage(), e);
        }
      }
      sets.add(List.copyOf(classes));
    }
    return Labels.of(List.copyOf(lists));
  }

  private ClassNames named(List<String> words) throws IOException {
    try {
      return new ClassNames(words);
    } catch (IllegalArgumentException e) {
      throw new IOException(where() + ": " + e.getMessage(), e);
    }
  }

  private void requireKnown(Optional<ClassNames> known, List<String> words) throws IOException {
    for (String word : words) {
      if (known.isPresent() && !known.get().names().contains(word)) {
        throw known.get().unknown(where(), word);
      }
    }
  }

  private String where() {
    return place + ", column " + column;
  }

  ClassNames classNames() {
    return names;
  }

  List<List<Integer>> sets() {
    return List.copyOf(sets);
  }

  Labels of(Part part) {
    return surveys.containsKey(part) ? labels : Labels.none();
  }

  /** The column that holds a part's labels; null if it has none. */
  String columnOf(Part part) {
    return surveys.containsKey(part) ? column : null;
  }
}
