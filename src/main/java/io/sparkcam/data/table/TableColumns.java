package io.sparkcam.data.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.data.table.CellConverters.Bytes;
import io.sparkcam.data.table.CellConverters.Cell;
import io.sparkcam.data.table.CellConverters.Numbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** What the columns of a Parquet file can be read as. */
final class TableColumns {
  private static final String BYTES = "bytes";
  private static final JsonMapper JSON = new JsonMapper();

  /** What a column holds. */
  enum Kind {
    /** Encoded images, or raw bytes of pixels. */
    BYTES("bytes"),
    /** Arrays of whole numbers. */
    WHOLE_ARRAY("arrays of whole numbers"),
    /** The same in bytes that may be negative. */
    SIGNED_BYTE_ARRAY("arrays of signed bytes"),
    FRACTION_ARRAY("arrays of fractions"),
    WHOLE("whole numbers"),
    FRACTION("fractions"),
    BOOLEAN("true and false"),
    TEXT("text"),
    TEXT_LIST("lists of text"),
    OTHER("values of another type");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }

    boolean isImage() {
      return isArray() || this == BYTES;
    }

    boolean isArray() {
      return this == WHOLE_ARRAY || this == SIGNED_BYTE_ARRAY || this == FRACTION_ARRAY;
    }

    boolean isLabel() {
      return isNumber() || this == TEXT || isLabelList();
    }

    /** Of which an image may have several. */
    boolean isLabelList() {
      return this == WHOLE_ARRAY || this == TEXT_LIST;
    }

    boolean isNumber() {
      return this == WHOLE || this == FRACTION || this == BOOLEAN;
    }
  }

  private TableColumns() {}

  static Kind kind(Type type) {
    return type.isPrimitive() ? primitive(type.asPrimitiveType()) : group(type.asGroupType());
  }

  private static Kind primitive(PrimitiveType type) {
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    if (meaning != null && !(meaning instanceof IntLogicalTypeAnnotation) && !isText(meaning)) {
      return Kind.OTHER; // dates, times, decimals
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Kind.BOOLEAN;
      case INT32, INT64 -> Kind.WHOLE;
      case FLOAT, DOUBLE -> Kind.FRACTION;
      case BINARY, FIXED_LEN_BYTE_ARRAY -> isText(meaning) ? Kind.TEXT : Kind.BYTES;
      case INT96 -> Kind.OTHER;
    };
  }

  private static boolean isText(LogicalTypeAnnotation annotation) {
    return annotation instanceof StringLogicalTypeAnnotation
        || annotation instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
        || annotation instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
  }

  private static Kind group(GroupType type) {
    if (type.containsField(BYTES)) {
      return kind(type.getType(BYTES)) == Kind.BYTES ? Kind.BYTES : Kind.OTHER;
    }
    Optional<PrimitiveType> leaf = leaf(type);
    if (leaf.isEmpty()) {
      return Kind.OTHER;
    }
    return switch (primitive(leaf.get())) {
      case WHOLE -> isSignedByte(leaf.get()) ? Kind.SIGNED_BYTE_ARRAY : Kind.WHOLE_ARRAY;
      case BOOLEAN -> Kind.WHOLE_ARRAY;
      case FRACTION -> Kind.FRACTION_ARRAY;
      case TEXT -> isList(type) ? Kind.TEXT_LIST : Kind.OTHER;
      default -> Kind.OTHER;
    };
  }

  /** Whether it is a list of single values, each in a group of its own. */
  static boolean isList(Type type) {
    if (type.isPrimitive() || type.asGroupType().getFieldCount() != 1) {
      return false;
    }
    Type element = type.asGroupType().getType(0);
    return !element.isPrimitive()
        && element.isRepetition(Type.Repetition.REPEATED)
        && element.asGroupType().getFieldCount() == 1
        && element.asGroupType().getType(0).isPrimitive();
  }

  private static boolean isSignedByte(PrimitiveType type) {
    return type.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation whole
        && whole.isSigned()
        && whole.getBitWidth() == Byte.SIZE;
  }

  /** The numbers of lists of lists. */
  private static Optional<PrimitiveType> leaf(GroupType list) {
    if (list.getFieldCount() != 1 || !list.getType(0).isRepetition(Type.Repetition.REPEATED)) {
      return Optional.empty();
    }
    Type element = list.getType(0);
    if (!element.isPrimitive() && element.asGroupType().getFieldCount() == 1) {
      element = element.asGroupType().getType(0);
    }
    return element.isPrimitive()
        ? Optional.of(element.asPrimitiveType())
        : leaf(element.asGroupType());
  }

  /** What is asked for of a column: of images in structs, the bytes alone. */
  static Type asked(MessageType schema, String column) {
    Type type = schema.getType(column);
    if (!type.isPrimitive() && type.asGroupType().containsField(BYTES)) {
      return type.asGroupType().withNewFields(type.asGroupType().getType(BYTES));
    }
    return type;
  }

  /** What takes the values of such a column. */
  static Cell image(Type asked) {
    Kind kind = kind(asked);
    return kind == Kind.BYTES
        ? new Bytes(!asked.isPrimitive())
        : new Numbers(
            asked.asGroupType(), kind == Kind.FRACTION_ARRAY, kind == Kind.SIGNED_BYTE_ARRAY);
  }

  /**
   * The names of the classes of a column of numbers, as Hugging Face's {@code datasets} notes them
   * in a file's metadata.
   */
  static Optional<List<String>> classLabels(Map<String, String> metadata, String column)
      throws IOException {
    String text = metadata.get("huggingface");
    if (text == null) {
      return Optional.empty();
    }
    try {
      JsonNode names = JSON.readTree(text).path("info").path("features").path(column).path("names");
      List<String> found = new ArrayList<>();
      names.forEach(name -> found.add(name.asText()));
      return found.isEmpty() ? Optional.empty() : Optional.of(found);
    } catch (JsonProcessingException e) {
      return Optional.empty(); // not theirs
    }
  }
}
