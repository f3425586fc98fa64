package io.arrowmill.connectors.file.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** Converts the values of a vector without children; {@code target} comes empty and is filled. */
@FunctionalInterface
interface LeafConversion {
  long MICROS_PER_DAY = 86_400_000_000L;
  long MILLIS_PER_DAY = 86_400_000L;

  /** The layouts agree. */
  LeafConversion SHARE = ColumnConversion::share;

  /** The source is all null. */
  LeafConversion NULLS = (source, target, rows) -> ColumnConversion.nulls(target, rows);

  void convert(FieldVector source, FieldVector target, int rows);

  /** A number read from a vector as a long. */
  @FunctionalInterface
  interface LongRead {
    long at(int index);
  }

  /** The conversion of one type to another, or null if values could be lost. */
  static @Nullable LeafConversion of(ArrowType from, ArrowType to) {
    if (from.equals(to) && !(from instanceof ArrowType.Struct)) {
      return SHARE;
    }
    return switch (to) {
      case ArrowType.Int wanted when from instanceof ArrowType.Int found && wanted.getIsSigned() ->
          bitsNeeded(found) <= wanted.getBitWidth() ? LeafConversion::widen : null;
      case ArrowType.FloatingPoint wanted
          when wanted.getPrecision() == FloatingPointPrecision.DOUBLE ->
          toDouble(from);
      case ArrowType.Decimal wanted -> toDecimal(from, wanted);
      case ArrowType.Utf8 ignored -> toBytes(from);
      case ArrowType.Binary ignored -> toBytes(from);
      case ArrowType.Date ignored
          when from instanceof ArrowType.Date found && found.getUnit() == DateUnit.MILLISECOND ->
          LeafConversion::millisToDays;
      case ArrowType.Timestamp wanted -> toTimestamp(from, wanted);
      case ArrowType.Duration ignored when from instanceof ArrowType.Duration found ->
          scale(found.getUnit());
      default -> null;
    };
  }

  private static int bitsNeeded(ArrowType.Int type) {
    return type.getIsSigned() ? type.getBitWidth() : type.getBitWidth() + 1;
  }

  private static @Nullable LeafConversion toDouble(ArrowType from) {
    if (from instanceof ArrowType.Int found && bitsNeeded(found) <= 33) {
      return (source, target, rows) -> {
        LongRead read = longs(source);
        ((Float8Vector) target).allocateNew(rows);
        fill(source, target, rows, i -> ((Float8Vector) target).set(i, (double) read.at(i)));
      };
    }
    if (from instanceof ArrowType.FloatingPoint found
        && found.getPrecision() == FloatingPointPrecision.SINGLE) {
      return (source, target, rows) -> {
        ((Float8Vector) target).allocateNew(rows);
        fill(
            source,
            target,
            rows,
            i -> ((Float8Vector) target).set(i, ((Float4Vector) source).get(i)));
      };
    }
    return null;
  }

  private static @Nullable LeafConversion toDecimal(ArrowType from, ArrowType.Decimal to) {
    int wholeDigits = to.getPrecision() - to.getScale();
    if (from instanceof ArrowType.Decimal found) {
      if (found.getBitWidth() != 128
          || found.getScale() > to.getScale()
          || found.getPrecision() - found.getScale() > wholeDigits) {
        return null;
      }
      if (found.getScale() == to.getScale()) {
        return SHARE;
      }
      return (source, target, rows) -> {
        ((DecimalVector) target).allocateNew(rows);
        DecimalVector decimals = (DecimalVector) source;
        fill(
            source,
            target,
            rows,
            i -> setDecimal(target, i, BigDecimal.valueOf(0).add(decimals.getObject(i)), to));
      };
    }
    if (from instanceof ArrowType.Int found) {
      int digits = digits(found);
      if (digits > wholeDigits) {
        return null;
      }
      return (source, target, rows) -> {
        ((DecimalVector) target).allocateNew(rows);
        LongRead read = longs(source);
        boolean unsigned = source instanceof UInt8Vector;
        fill(
            source,
            target,
            rows,
            i ->
                setDecimal(
                    target,
                    i,
                    unsigned
                        ? new BigDecimal(new BigInteger(Long.toUnsignedString(read.at(i))))
                        : BigDecimal.valueOf(read.at(i)),
                    to));
      };
    }
    return null;
  }

  private static int digits(ArrowType.Int type) {
    return switch (type.getBitWidth()) {
      case 8 -> 3;
      case 16 -> 5;
      case 32 -> 10;
      default -> type.getIsSigned() ? 19 : 20;
    };
  }

  private static void setDecimal(
      FieldVector target, int index, BigDecimal value, ArrowType.Decimal type) {
    ((DecimalVector) target).set(index, value.setScale(type.getScale(), RoundingMode.UNNECESSARY));
  }

  private static @Nullable LeafConversion toTimestamp(ArrowType from, ArrowType.Timestamp to) {
    if (from instanceof ArrowType.Timestamp found) {
      return scale(found.getUnit());
    }
    if (from instanceof ArrowType.Date found
        && found.getUnit() == DateUnit.DAY
        && to.getTimezone() == null) {
      return (source, target, rows) -> {
        allocate(target, rows);
        ArrowBuf in = source.getDataBuffer();
        ArrowBuf out = target.getDataBuffer();
        fill(
            source,
            target,
            rows,
            i -> {
              out.setLong(8L * i, in.getInt(4L * i) * MICROS_PER_DAY);
              BitVectorHelper.setBit(target.getValidityBuffer(), i);
            });
      };
    }
    return null;
  }

  private static LeafConversion scale(TimeUnit unit) {
    return switch (unit) {
      case MICROSECOND -> SHARE;
      case NANOSECOND ->
          (source, target, rows) -> {
            allocate(target, rows);
            ArrowBuf in = source.getDataBuffer();
            ArrowBuf out = target.getDataBuffer();
            for (long at = 0; at < 8L * rows; at += 8) {
              out.setLong(at, Math.floorDiv(in.getLong(at), 1000L));
            }
            copyValidity(source, target, rows);
          };
      case MILLISECOND -> multiply(1_000L);
      case SECOND -> multiply(1_000_000L);
    };
  }

  private static LeafConversion multiply(long factor) {
    return (source, target, rows) -> {
      allocate(target, rows);
      ArrowBuf in = source.getDataBuffer();
      ArrowBuf out = target.getDataBuffer();
      for (int i = 0; i < rows; i++) {
        long value = source.isNull(i) ? 0 : in.getLong(8L * i);
        out.setLong(8L * i, Math.multiplyExact(value, factor));
      }
      copyValidity(source, target, rows);
    };
  }

  private static void copyValidity(FieldVector source, FieldVector target, int rows) {
    target.getValidityBuffer().setBytes(0, source.getValidityBuffer(), 0, (rows + 7L) / 8);
    target.setValueCount(rows);
  }

  private static void millisToDays(FieldVector source, FieldVector target, int rows) {
    allocate(target, rows);
    ArrowBuf in = source.getDataBuffer();
    ArrowBuf out = target.getDataBuffer();
    for (int i = 0; i < rows; i++) {
      out.setInt(4L * i, (int) Math.floorDiv(in.getLong(8L * i), MILLIS_PER_DAY));
    }
    copyValidity(source, target, rows);
  }

  private static void widen(FieldVector source, FieldVector target, int rows) {
    allocate(target, rows);
    LongRead read = longs(source);
    ArrowBuf out = target.getDataBuffer();
    int width = ((BaseFixedWidthVector) target).getTypeWidth();
    for (int i = 0; i < rows; i++) {
      long value = source.isNull(i) ? 0 : read.at(i);
      switch (width) {
        case 2 -> out.setShort(2L * i, (short) value);
        case 4 -> out.setInt(4L * i, (int) value);
        default -> out.setLong(8L * i, value);
      }
    }
    copyValidity(source, target, rows);
  }

  private static LongRead longs(FieldVector source) {
    return switch (source) {
      case TinyIntVector vector -> vector::get;
      case SmallIntVector vector -> vector::get;
      case IntVector vector -> vector::get;
      case BigIntVector vector -> vector::get;
      case UInt1Vector vector -> i -> vector.get(i) & 0xFFL;
      case UInt2Vector vector -> vector::get;
      case UInt4Vector vector -> i -> vector.get(i) & 0xFFFF_FFFFL;
      case UInt8Vector vector -> vector::get;
      default -> throw new IllegalArgumentException("not an integer vector: " + source.getField());
    };
  }

  private static @Nullable LeafConversion toBytes(ArrowType from) {
    return switch (from) {
      case ArrowType.Utf8 ignored -> SHARE;
      case ArrowType.Binary ignored -> SHARE;
      case ArrowType.LargeUtf8 ignored ->
          (source, target, rows) -> bytes(source, target, rows, ((LargeVarCharVector) source)::get);
      case ArrowType.LargeBinary ignored ->
          (source, target, rows) ->
              bytes(source, target, rows, ((LargeVarBinaryVector) source)::get);
      case ArrowType.FixedSizeBinary ignored ->
          (source, target, rows) ->
              bytes(source, target, rows, ((FixedSizeBinaryVector) source)::get);
      default -> null;
    };
  }

  /** Bytes read from a vector. */
  @FunctionalInterface
  interface BytesRead {
    byte[] at(int index);
  }

  private static void bytes(FieldVector source, FieldVector target, int rows, BytesRead read) {
    BaseVariableWidthVector vector = (BaseVariableWidthVector) target;
    vector.allocateNew(rows);
    fill(source, target, rows, i -> vector.setSafe(i, read.at(i)));
  }

  /** Sets one value that is not null. */
  @FunctionalInterface
  interface Put {
    void at(int index);
  }

  private static void fill(FieldVector source, FieldVector target, int rows, Put put) {
    for (int i = 0; i < rows; i++) {
      if (!source.isNull(i)) {
        put.at(i);
      }
    }
    target.setValueCount(rows);
  }

  private static void allocate(FieldVector target, int rows) {
    ((BaseFixedWidthVector) target).allocateNew(rows);
  }
}
