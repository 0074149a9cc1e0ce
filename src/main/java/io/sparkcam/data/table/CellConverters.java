package io.sparkcam.data.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/** What becomes of the values of a column while Parquet assembles a row. */
interface CellConverters {
  /** A column whose value can be asked for when its row has been read. */
  interface Cell {
    Converter converter();

    /** The value; null if there is none. */
    Object value();

    /** Forgets it. */
    void reset();

    /** Whether blanks around a word were left out. */
    default boolean stripped() {
      return false;
    }
  }

  /** The values of all columns of a row. */
  final class Row extends GroupConverter {
    private final Cell[] cells;

    Row(Cell... cells) {
      this.cells = cells;
    }

    @Override
    public Converter getConverter(int field) {
      return cells[field].converter();
    }

    @Override
    public void start() {
      for (Cell cell : cells) {
        cell.reset();
      }
    }

    @Override
    public void end() {}
  }

  /** Bytes, of the column itself or of the one field that is asked for of it. */
  final class Bytes extends PrimitiveConverter implements Cell {
    private final boolean inStruct;
    private byte[] value;

    Bytes(boolean inStruct) {
      this.inStruct = inStruct;
    }

    @Override
    public void addBinary(Binary binary) {
      value = binary.getBytes();
    }

    @Override
    public Converter converter() {
      return inStruct ? new Only(this) : this;
    }

    @Override
    public Object value() {
      return value;
    }

    @Override
    public void reset() {
      value = null;
    }
  }

  /** A group of one field. */
  class Only extends GroupConverter {
    private final Converter field;

    Only(Converter field) {
      this.field = field;
    }

    @Override
    public Converter getConverter(int index) {
      return field;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  /** A label as a word: whole numbers without a fraction, names without blanks around them. */
  final class Word extends PrimitiveConverter implements Cell {
    private String value;
    private boolean stripped;

    @Override
    public void addBinary(Binary binary) {
      String text = binary.toStringUsingUTF8();
      String word = text.strip();
      stripped = word.length() < text.length();
      value = word.isEmpty() ? null : word;
    }

    @Override
    public boolean stripped() {
      return stripped;
    }

    @Override
    public void addBoolean(boolean given) {
      value = given ? "1" : "0";
    }

    @Override
    public void addInt(int given) {
      value = Integer.toString(given);
    }

    @Override
    public void addLong(long given) {
      value = Long.toString(given);
    }

    @Override
    public void addFloat(float given) {
      addDouble(given);
    }

    @Override
    public void addDouble(double given) {
      if (Double.isNaN(given)) {
        value = null;
      } else {
        value = given == Math.rint(given) ? Long.toString((long) given) : Double.toString(given);
      }
    }

    @Override
    public Converter converter() {
      return this;
    }

    @Override
    public Object value() {
      return value;
    }

    @Override
    public void reset() {
      value = null;
      stripped = false;
    }
  }

  /** A list of labels as one word: {@link LabelLists#word}. */
  final class Words implements Cell {
    private final Word element = new Word();
    private final List<String> found = new ArrayList<>();
    private boolean present;
    private boolean stripped;

    @Override
    public Converter converter() {
      Only elements =
          new Only(element) {
            @Override
            public void end() {
              if (element.value() != null) {
                found.add((String) element.value());
              }
              stripped |= element.stripped();
              element.reset();
            }
          };
      return new Only(elements) {
        @Override
        public void start() {
          present = true;
        }
      };
    }

    @Override
    public Object value() {
      return present ? LabelLists.word(found) : null;
    }

    @Override
    public boolean stripped() {
      return stripped;
    }

    @Override
    public void reset() {
      found.clear();
      present = false;
      stripped = false;
    }
  }

  /** Nested lists of numbers. */
  final class Numbers extends PrimitiveConverter implements Cell {
    /** Lists of lists whose lengths differ. */
    static final String RAGGED = "rows of different lengths";

    private final Converter root;
    private final int depth;
    private final boolean fractions;
    private final boolean signedBytes;

    /** (level): the length of every list of the level; -1 before the first one ended. */
    private final int[] sizes;

    private double[] values = new double[1 << 10];
    private int count;
    private boolean present;
    private boolean ragged;

    /**
     * @param type of the column: lists of lists of numbers
     * @param fractions whether they are of a type that has fractions
     * @param signedBytes whether -1 stands for 255
     */
    Numbers(GroupType type, boolean fractions, boolean signedBytes) {
      this.fractions = fractions;
      this.signedBytes = signedBytes;
      this.depth = depth(type);
      this.sizes = new int[depth];
      this.root = list(type, 0);
    }

    private static int depth(GroupType list) {
      Type element = list.getType(0);
      Type inner = element.isPrimitive() ? element : element.asGroupType().getType(0);
      return inner.isPrimitive() ? 1 : 1 + depth(inner.asGroupType());
    }

    private Converter list(GroupType type, int level) {
      Type repeated = type.getType(0);
      ListLevel list = new ListLevel(level);
      if (repeated.isPrimitive()) {
        list.element = this;
        list.bare = true;
      } else {
        Type inner = repeated.asGroupType().getType(0);
        Converter value = inner.isPrimitive() ? this : list(inner.asGroupType(), level + 1);
        list.element = new Element(list, value, inner.isPrimitive());
      }
      return list;
    }

    /** A list: counts its elements. */
    private final class ListLevel extends GroupConverter {
      private final int level;
      private Converter element;
      private boolean bare;
      private int elements;
      private int before;

      ListLevel(int level) {
        this.level = level;
      }

      @Override
      public Converter getConverter(int field) {
        return element;
      }

      @Override
      public void start() {
        present = true;
        elements = 0;
        before = count;
      }

      @Override
      public void end() {
        int length = bare ? count - before : elements;
        ragged |= sizes[level] >= 0 && sizes[level] != length;
        sizes[level] = length;
      }
    }

    /** An element of a list in its own group, which is how a missing one is told. */
    private final class Element extends GroupConverter {
      private final ListLevel list;
      private final Converter value;
      private final boolean leaf;
      private int before;

      Element(ListLevel list, Converter value, boolean leaf) {
        this.list = list;
        this.value = value;
        this.leaf = leaf;
      }

      @Override
      public Converter getConverter(int field) {
        return value;
      }

      @Override
      public void start() {
        before = count;
      }

      @Override
      public void end() {
        list.elements++;
        if (leaf && count == before) {
          add(Double.NaN);
        }
      }
    }

    private void add(double value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    @Override
    public void addBoolean(boolean value) {
      add(value ? 255 : 0);
    }

    @Override
    public void addInt(int value) {
      add(signedBytes ? value & 0xff : value);
    }

    @Override
    public void addLong(long value) {
      add((double) value);
    }

    @Override
    public void addFloat(float value) {
      add(value);
    }

    @Override
    public void addDouble(double value) {
      add(value);
    }

    @Override
    public Converter converter() {
      return root;
    }

    @Override
    public Object value() {
      if (!present) {
        return null;
      }
      long product = 1;
      for (int size : sizes) {
        product *= Math.max(size, 0);
      }
      return ragged || product != count
          ? RAGGED
          : NumberList.of(sizes.clone(), Arrays.copyOf(values, count), fractions);
    }

    @Override
    public void reset() {
      Arrays.fill(sizes, -1);
      count = 0;
      present = false;
      ragged = false;
    }
  }
}
