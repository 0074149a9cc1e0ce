package io.sparkcam.table;

import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.OptionalColumns;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * A table as the manifest describes it.
 *
 * @param name also its directory's
 * @param rows of all parts
 * @param parts in the order of their ids
 */
public record TableEntry(
    String name,
    long rows,
    ExplanationShape shape,
    List<ColumnEntry> columns,
    List<PartFile> parts) {

  /**
   * A column, for readers that do not see Parquet's metadata.
   *
   * @param type as SQL writes it
   * @param shape of an array, empty otherwise
   * @param layout names of an array's axes, slowest first, empty otherwise
   * @param unit empty for numbers without one
   */
  public record ColumnEntry(
      String name, String type, boolean nullable, List<Long> shape, String layout, String unit) {
    public ColumnEntry {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(type, "type");
      shape = List.copyOf(shape);
      Objects.requireNonNull(layout, "layout");
      Objects.requireNonNull(unit, "unit");
    }

    static ColumnEntry of(StructField field) {
      Metadata metadata = field.metadata();
      List<Long> shape =
          metadata.contains("shape")
              ? Arrays.stream(metadata.getLongArray("shape")).boxed().toList()
              : List.of();
      return new ColumnEntry(
          field.name(),
          field.dataType().sql().toLowerCase(Locale.ROOT),
          field.nullable(),
          shape,
          text(metadata, "layout"),
          text(metadata, "unit"));
    }

    private static String text(Metadata metadata, String key) {
      return metadata.contains(key) ? metadata.getString(key) : "";
    }
  }

  /** The name of the table of explanations. */
  public static final String EXPLANATIONS = "explanations";

  public TableEntry {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(shape, "shape");
    columns = List.copyOf(columns);
    parts = List.copyOf(parts);
  }

  /** The table of explanations in these parts. */
  public static TableEntry explanations(ExplanationShape shape, List<PartFile> parts) {
    return explanations(ExplanationSchema.of(shape), parts);
  }

  /** The table of explanations with these columns in these parts. */
  public static TableEntry explanations(ExplanationSchema schema, List<PartFile> parts) {
    return new TableEntry(
        EXPLANATIONS,
        parts.stream().mapToLong(PartFile::rows).sum(),
        schema.shape(),
        columns(schema),
        parts);
  }

  /** The schema that the parts have if the listed columns are right. */
  public ExplanationSchema schema() {
    Set<String> names = columns.stream().map(ColumnEntry::name).collect(Collectors.toSet());
    return ExplanationSchema.of(
        shape,
        Arrays.stream(OptionalColumns.values())
            .filter(group -> names.contains(ExplanationSchema.columns(group, shape).get(0).name()))
            .collect(Collectors.toSet()));
  }

  /** A part's file, relative to the run. */
  public String path(PartFile part) {
    return name + "/" + part.name();
  }

  /** A schema's columns. */
  public static List<ColumnEntry> columns(ExplanationSchema schema) {
    return Arrays.stream(schema.struct().fields()).map(ColumnEntry::of).toList();
  }
}
