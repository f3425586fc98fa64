package io.arrowmill.connectors.file.format;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/**
 * A field of the schema, and how its values become levels and leaf values. Every field is optional
 * but a map's key; lists and maps are the three-level groups that the format prescribes.
 */
sealed interface ParquetNode {

  /** Adds the value at {@code index}; its parents give it the levels they stand for. */
  void write(FieldVector vector, int index, int repetition, int definition);

  /** Adds to every leaf below that there is no value, from {@code definition} on. */
  void writeNull(int repetition, int definition);

  /** The leaf columns below, in the order of the schema. */
  void collect(List<ParquetColumn> leaves);

  /** Describes the field in the file's schema. */
  void describe(ThriftCompactWriter out);

  /** How many elements {@link #describe} writes. */
  int elementCount();

  int OPTIONAL = 1;
  int REPEATED = 2;

  /** A leaf. */
  record Leaf(String name, boolean optional, ParquetColumn column) implements ParquetNode {
    @Override
    public void write(FieldVector vector, int index, int repetition, int definition) {
      if (vector.isNull(index)) {
        column.putNull(repetition, definition);
      } else {
        column.putValue(vector, index, repetition);
      }
    }

    @Override
    public void writeNull(int repetition, int definition) {
      column.putNull(repetition, definition);
    }

    @Override
    public void collect(List<ParquetColumn> leaves) {
      leaves.add(column);
    }

    @Override
    public int elementCount() {
      return 1;
    }

    @Override
    public void describe(ThriftCompactWriter out) {
      DataType type = column.type;
      int physical = ParquetColumn.physicalType(type);
      out.beginElement().i32(1, physical);
      if (type instanceof DecimalType decimal && physical == ParquetColumn.FIXED_LEN_BYTE_ARRAY) {
        out.i32(2, ParquetColumn.decimalBytes(decimal.precision()));
      }
      out.i32(3, optional ? OPTIONAL : 0).text(4, name);
      switch (type) {
        case DecimalType decimal ->
            out.i32(6, 5)
                .i32(7, decimal.scale())
                .i32(8, decimal.precision())
                .begin(10)
                .begin(5)
                .i32(1, decimal.scale())
                .i32(2, decimal.precision())
                .end()
                .end();
        case AtomicType.STRING -> out.i32(6, 0).begin(10).begin(1).end().end();
        case AtomicType.DATE -> out.i32(6, 6).begin(10).begin(6).end().end();
        case AtomicType.BYTE -> integer(out.i32(6, 15), 8);
        case AtomicType.SHORT -> integer(out.i32(6, 16), 16);
        case AtomicType.TIMESTAMP -> timestamp(out.i32(6, 10), true);
        case AtomicType.TIMESTAMP_NTZ -> timestamp(out, false);
        default -> {}
      }
      out.end();
    }

    private static void integer(ThriftCompactWriter out, int bits) {
      out.begin(10).begin(10).i8(1, bits).bool(2, true).end().end();
    }

    /** In microseconds. */
    private static void timestamp(ThriftCompactWriter out, boolean instant) {
      out.begin(10).begin(8).bool(1, instant).begin(2).begin(2).end().end().end().end();
    }

    /** Adds rows of a top-level column, by copying bytes where that is all there is to do. */
    void writeAll(FieldVector vector, int @Nullable [] rows, int start, int end) {
      boolean plain =
          vector instanceof BaseFixedWidthVector
              && !(vector instanceof BitVector)
              && !(vector instanceof TinyIntVector)
              && !(vector instanceof SmallIntVector)
              && !(vector instanceof DecimalVector);
      if (plain && rows == null && vector.getNullCount() == 0) {
        column.putAll(vector, start, end - start, ((BaseFixedWidthVector) vector).getTypeWidth());
        return;
      }
      for (int i = start; i < end; i++) {
        write(vector, rows == null ? i : rows[i], 0, 0);
      }
    }
  }

  /** A struct. */
  record Group(String name, List<ParquetNode> fields) implements ParquetNode {
    @Override
    public void write(FieldVector vector, int index, int repetition, int definition) {
      if (vector.isNull(index)) {
        writeNull(repetition, definition);
        return;
      }
      StructVector struct = (StructVector) vector;
      for (int i = 0; i < fields.size(); i++) {
        fields
            .get(i)
            .write((FieldVector) struct.getChildByOrdinal(i), index, repetition, definition + 1);
      }
    }

    @Override
    public void writeNull(int repetition, int definition) {
      fields.forEach(field -> field.writeNull(repetition, definition));
    }

    @Override
    public void collect(List<ParquetColumn> leaves) {
      fields.forEach(field -> field.collect(leaves));
    }

    @Override
    public int elementCount() {
      return 1 + fields.stream().mapToInt(ParquetNode::elementCount).sum();
    }

    @Override
    public void describe(ThriftCompactWriter out) {
      out.beginElement().i32(3, OPTIONAL).text(4, name).i32(5, fields.size()).end();
      fields.forEach(field -> field.describe(out));
    }
  }

  /**
   * A list of one element node, or a map of a key and a value node.
   *
   * @param repetition the repetition level of the second and later entries
   */
  record Repeated(String name, int repetition, List<ParquetNode> entry) implements ParquetNode {
    @Override
    public void write(FieldVector vector, int index, int repetitionBefore, int definition) {
      if (vector.isNull(index)) {
        writeNull(repetitionBefore, definition);
        return;
      }
      ListVector list = (ListVector) vector;
      int start = list.getElementStartIndex(index);
      int end = list.getElementEndIndex(index);
      if (start == end) {
        writeNull(repetitionBefore, definition + 1);
        return;
      }
      FieldVector data = list.getDataVector();
      for (int i = start; i < end; i++) {
        int level = i == start ? repetitionBefore : repetition;
        for (int part = 0; part < entry.size(); part++) {
          FieldVector child =
              entry.size() == 1
                  ? data
                  : (FieldVector) ((StructVector) data).getChildByOrdinal(part);
          entry.get(part).write(child, i, level, definition + 2);
        }
      }
    }

    @Override
    public void writeNull(int repetitionBefore, int definition) {
      entry.forEach(part -> part.writeNull(repetitionBefore, definition));
    }

    @Override
    public void collect(List<ParquetColumn> leaves) {
      entry.forEach(part -> part.collect(leaves));
    }

    @Override
    public int elementCount() {
      return 2 + entry.stream().mapToInt(ParquetNode::elementCount).sum();
    }

    @Override
    public void describe(ThriftCompactWriter out) {
      boolean map = entry.size() == 2;
      out.beginElement().i32(3, OPTIONAL).text(4, name).i32(5, 1).i32(6, map ? 1 : 3);
      out.begin(10).begin(map ? 2 : 3).end().end().end();
      out.beginElement()
          .i32(3, REPEATED)
          .text(4, map ? "key_value" : "list")
          .i32(5, entry.size())
          .end();
      entry.forEach(part -> part.describe(out));
    }
  }

  /** Where a node stands: the names above it and the levels they give. */
  record Place(List<String> path, int definition, int repetition, boolean gzip) {
    Place below(String name, int definitions, int repetitions) {
      List<String> longer = new ArrayList<>(path);
      longer.add(name);
      return new Place(longer, definition + definitions, repetition + repetitions, gzip);
    }
  }

  static ParquetNode of(StructField field, Place parent) {
    return of(field.name(), field.type(), true, parent);
  }

  private static ParquetNode of(String name, DataType type, boolean optional, Place parent) {
    Place place = parent.below(name, optional ? 1 : 0, 0);
    return switch (type) {
      case StructType struct ->
          new Group(name, struct.fields().stream().map(child -> of(child, place)).toList());
      case ArrayType array -> {
        Place entry = place.below("list", 1, 1);
        yield new Repeated(
            name, entry.repetition(), List.of(of("element", array.element(), true, entry)));
      }
      case MapType map -> {
        Place entry = place.below("key_value", 1, 1);
        yield new Repeated(
            name,
            entry.repetition(),
            List.of(of("key", map.key(), false, entry), of("value", map.value(), true, entry)));
      }
      default ->
          new Leaf(
              name,
              optional,
              new ParquetColumn(
                  place.path(), type, place.definition(), place.repetition(), place.gzip()));
    };
  }

  /** Between rows: lets every leaf end its page. */
  static void endRows(List<ParquetColumn> leaves) throws IOException {
    for (ParquetColumn leaf : leaves) {
      leaf.endRow();
    }
  }
}
