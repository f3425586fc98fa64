package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import io.arrowmill.connectors.file.parquet.LeafColumn.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * The top-level fields of a file's schema, each with its leaf where it is a flat column of a type
 * that this package reads. Types are those that the native reader reports, so that both readers
 * give the same rows and the same errors.
 *
 * @param leafCount how many column chunks a row group has
 */
record ParquetSchema(List<TopField> fields, int leafCount) {
  private static final int DEPTH_MAX = 64;

  /** A field of the root; {@code leaf} is null where the native reader is needed. */
  record TopField(String name, @Nullable LeafColumn leaf) {}

  static ParquetSchema of(ParquetFooter footer) {
    return new Walk(footer.schema(), arrowTypes(footer.arrowSchema())).root();
  }

  /** A depth-first walk through the elements. */
  private static final class Walk {
    private final List<SchemaElement> elements;
    private final @Nullable Map<String, ArrowType> arrowTypes;
    private int position;
    private int leaves;

    Walk(List<SchemaElement> elements, @Nullable Map<String, ArrowType> arrowTypes) {
      this.elements = elements;
      this.arrowTypes = arrowTypes;
    }

    private SchemaElement take() {
      check(position < elements.size(), "the schema must have as many elements as it says");
      return elements.get(position++);
    }

    ParquetSchema root() {
      SchemaElement root = take();
      List<TopField> fields = new ArrayList<>();
      for (int i = 0; i < root.children(); i++) {
        SchemaElement field = take();
        if (field.children() > 0 || field.physicalType() < 0) {
          skipChildren(field, 1);
          fields.add(new TopField(field.name(), null));
        } else {
          fields.add(new TopField(field.name(), leaf(field, leaves++)));
        }
      }
      check(position == elements.size(), "the schema must have as many elements as it says");
      return new ParquetSchema(List.copyOf(fields), leaves);
    }

    private void skipChildren(SchemaElement group, int depth) {
      check(depth < DEPTH_MAX, "the schema is nested too deep");
      for (int i = 0; i < group.children(); i++) {
        SchemaElement child = take();
        if (child.children() > 0 || child.physicalType() < 0) {
          skipChildren(child, depth + 1);
        } else {
          leaves++;
        }
      }
    }

    private @Nullable LeafColumn leaf(SchemaElement element, int index) {
      if (element.repetition() == SchemaElement.REPEATED) {
        return null;
      }
      LeafColumn leaf = typed(element, index);
      if (leaf == null) {
        return null;
      }
      Map<String, ArrowType> known = arrowTypes;
      return known == null || agree(known.get(element.name()), leaf.type()) ? leaf : null;
    }
  }

  private static @Nullable LeafColumn typed(SchemaElement element, int index) {
    return switch (element.physicalType()) {
      case 0 -> leaf(element, index, ArrowType.Bool.INSTANCE, Shape.BIT, 0);
      case 1 -> int32(element, index);
      case 2 -> int64(element, index);
      case 3 ->
          leaf(
              element,
              index,
              new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"),
              Shape.INT96_TO_MICROS,
              12);
      case 4 ->
          leaf(
              element,
              index,
              new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE),
              Shape.FOUR,
              4);
      case 5 ->
          leaf(
              element,
              index,
              new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
              Shape.EIGHT,
              8);
      case 6 -> bytes(element, index);
      case 7 -> fixed(element, index);
      default -> null;
    };
  }

  private static LeafColumn leaf(
      SchemaElement element, int index, ArrowType type, Shape shape, int width) {
    boolean optional = element.repetition() == SchemaElement.OPTIONAL;
    Field field = new Field(element.name(), new FieldType(optional, type, null), null);
    return new LeafColumn(index, field, shape, width, optional);
  }

  private static @Nullable LeafColumn int32(SchemaElement element, int index) {
    ArrowType type = integerType(element, 32);
    if (type instanceof ArrowType.Int bits) {
      Shape shape =
          switch (bits.getBitWidth()) {
            case 8 -> Shape.INT_TO_BYTE;
            case 16 -> Shape.INT_TO_SHORT;
            default -> Shape.FOUR;
          };
      return leaf(element, index, type, shape, 4);
    }
    if (annotated(element, SchemaElement.DATE, 6)) {
      return leaf(element, index, new ArrowType.Date(DateUnit.DAY), Shape.FOUR, 4);
    }
    return decimal(element, index, Shape.INT_TO_DECIMAL, 4, 9);
  }

  private static @Nullable LeafColumn int64(SchemaElement element, int index) {
    ArrowType type = integerType(element, 64);
    if (type != null) {
      return leaf(element, index, type, Shape.EIGHT, 8);
    }
    SchemaElement.Logical logical = element.logical();
    if (logical.kind() == SchemaElement.TIMESTAMP) {
      TimeUnit unit =
          switch (logical.first()) {
            case 1 -> TimeUnit.MILLISECOND;
            case 2 -> TimeUnit.MICROSECOND;
            case 3 -> TimeUnit.NANOSECOND;
            default -> null;
          };
      return unit == null ? null : timestamp(element, index, unit, logical.flag() ? "UTC" : null);
    }
    if (logical.kind() == SchemaElement.NO_ANNOTATION
        && (element.convertedType() == 9 || element.convertedType() == 10)) {
      // What the older annotation says of zones is not known; the native reader takes it as none.
      TimeUnit unit = element.convertedType() == 9 ? TimeUnit.MILLISECOND : TimeUnit.MICROSECOND;
      return timestamp(element, index, unit, null);
    }
    return decimal(element, index, Shape.LONG_TO_DECIMAL, 8, 18);
  }

  private static LeafColumn timestamp(
      SchemaElement element, int index, TimeUnit unit, @Nullable String zone) {
    return leaf(element, index, new ArrowType.Timestamp(unit, zone), Shape.EIGHT, 8);
  }

  /** The type of an integer of at most {@code bits} bits, or null if it is something else. */
  private static @Nullable ArrowType integerType(SchemaElement element, int bits) {
    SchemaElement.Logical logical = element.logical();
    if (logical.kind() == SchemaElement.INTEGER) {
      int width = logical.first();
      boolean fits = bits == 64 ? width == 64 : width == 8 || width == 16 || width == 32;
      return fits ? new ArrowType.Int(width, logical.flag()) : null;
    }
    if (logical.kind() != SchemaElement.NO_ANNOTATION) {
      return null;
    }
    int converted = element.convertedType();
    if (converted < 0) {
      return new ArrowType.Int(bits, true);
    }
    if (converted < 11 || converted > 18) { // UINT_8 to UINT_64, INT_8 to INT_64
      return null;
    }
    int width = 8 << ((converted - 11) & 3);
    return (width == 64) == (bits == 64) ? new ArrowType.Int(width, converted >= 15) : null;
  }

  private static boolean annotated(SchemaElement element, int kind, int converted) {
    int found = element.logical().kind();
    return found == kind
        || (found == SchemaElement.NO_ANNOTATION && element.convertedType() == converted);
  }

  private static @Nullable LeafColumn bytes(SchemaElement element, int index) {
    if (annotated(element, SchemaElement.STRING, 0)) {
      return leaf(element, index, ArrowType.Utf8.INSTANCE, Shape.BYTES, 0);
    }
    return isPlain(element)
        ? leaf(element, index, ArrowType.Binary.INSTANCE, Shape.BYTES, 0)
        : null;
  }

  private static @Nullable LeafColumn fixed(SchemaElement element, int index) {
    int width = element.typeLength();
    if (width < 1 || width > 1 << 16) {
      return null;
    }
    if (isPlain(element)) {
      return leaf(element, index, ArrowType.Binary.INSTANCE, Shape.FIXED_TO_BYTES, width);
    }
    return width > 16 ? null : decimal(element, index, Shape.FIXED_TO_DECIMAL, width, 38);
  }

  private static boolean isPlain(SchemaElement element) {
    return element.logical().kind() == SchemaElement.NO_ANNOTATION && element.convertedType() < 0;
  }

  private static @Nullable LeafColumn decimal(
      SchemaElement element, int index, Shape shape, int width, int digitsMax) {
    if (!annotated(element, SchemaElement.DECIMAL, 5)) {
      return null;
    }
    boolean logical = element.logical().kind() == SchemaElement.DECIMAL;
    int scale = logical ? element.logical().first() : element.scale();
    int precision = logical ? element.logical().second() : element.precision();
    if (precision < 1 || precision > digitsMax || scale < 0 || scale > precision) {
      return null;
    }
    return leaf(element, index, new ArrowType.Decimal(precision, scale, 128), shape, width);
  }

  /** The types that a writer using Arrow noted down, or null if it noted none. */
  private static @Nullable Map<String, ArrowType> arrowTypes(@Nullable String encoded) {
    if (encoded == null) {
      return null;
    }
    Map<String, ArrowType> types = new HashMap<>();
    try {
      byte[] message = Base64.getDecoder().decode(encoded);
      for (Field field :
          MessageSerializer.deserializeSchema(
                  new ReadChannel(new ByteArrayReadableSeekableByteChannel(message)))
              .getFields()) {
        // A dictionary's values may be of any type, of which the field's type tells nothing.
        types.put(
            field.getName(),
            field.getDictionary() == null ? field.getType() : ArrowType.Null.INSTANCE);
      }
    } catch (IOException | RuntimeException e) {
      return Map.of(); // agrees with nothing: the native reader judges
    }
    return types;
  }

  /** Whether the native reader gives a column the same type with the note as without. */
  private static boolean agree(@Nullable ArrowType noted, ArrowType type) {
    if (noted == null) {
      return false;
    }
    if (noted.equals(type)) {
      return true;
    }
    return switch (type) {
      case ArrowType.Utf8 ignored -> noted instanceof ArrowType.LargeUtf8;
      case ArrowType.Binary ignored ->
          noted instanceof ArrowType.LargeBinary || noted instanceof ArrowType.FixedSizeBinary;
      case ArrowType.Timestamp found ->
          noted instanceof ArrowType.Timestamp other
              && other.getUnit() == found.getUnit()
              && (other.getTimezone() == null) == (found.getTimezone() == null);
      default -> false;
    };
  }
}
