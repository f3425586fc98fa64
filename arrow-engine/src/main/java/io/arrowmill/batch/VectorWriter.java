package io.arrowmill.batch;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataType.NullType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/**
 * Writes Java values of a {@link Row} into one vector, growing it as needed. Borrows the vector.
 * Rows are written in ascending order, each once; the caller sets the vector's value count in the
 * end.
 */
public final class VectorWriter {
  /** Stores a value that is not null; returns false if it cannot take a value of that class. */
  @FunctionalInterface
  private interface Store {
    boolean store(int row, Object value);
  }

  private final FieldVector vector;
  private final DataType type;
  private final boolean nullable;
  private final String path;
  private final Store store;

  private VectorWriter(
      FieldVector vector, DataType type, boolean nullable, String path, Store store) {
    this.vector = vector;
    this.type = type;
    this.nullable = nullable;
    this.path = path;
    this.store = store;
  }

  /**
   * A writer into {@code vector}, which is laid out as {@link ArrowTypes} says for {@code field}.
   */
  public static VectorWriter of(FieldVector vector, StructField field) {
    return of(vector, field.type(), field.nullable(), field.name());
  }

  private static VectorWriter of(FieldVector vector, DataType type, boolean nullable, String path) {
    Store store =
        switch (type) {
          case NullType ignored -> (row, value) -> false;
          case DecimalType decimal -> decimal((DecimalVector) vector, decimal, path);
          case ArrayType array -> list((ListVector) vector, array, path);
          case MapType map -> map((ListVector) vector, map, path);
          case StructType struct -> struct((StructVector) vector, struct, path);
          case AtomicType atomic -> atomic(vector, atomic);
        };
    return new VectorWriter(vector, type, nullable, path, store);
  }

  /**
   * Stores {@code value} at {@code row}. A number may be of a narrower class than the column's; a
   * decimal is rounded half up to the column's scale.
   *
   * @throws ArrowmillException if the value's class does not fit the column's type, the value is
   *     out of its range, or it is null and the column is not nullable
   */
  public void write(int row, @Nullable Object value) {
    if (value == null) {
      writeNull(row);
    } else if (!store.store(row, value)) {
      throw new ArrowmillException(
          "ROW_VALUE_TYPE_MISMATCH",
          "value must be of the class that its column's type is held in: column="
              + path
              + ", type="
              + type.sql()
              + ", expected="
              + expected(type)
              + ", found="
              + value.getClass().getName()
              + "; convert the value, or declare the column with the type that fits it");
    }
  }

  private void writeNull(int row) {
    if (!nullable) {
      throw new ArrowmillException(
          "NOT_NULL_ASSERT_VIOLATION",
          "a column declared NOT NULL must have a value: column="
              + path
              + ", row="
              + row
              + "; declare it nullable, or leave such rows out");
    }
    vector.setNull(row);
  }

  private static String expected(DataType type) {
    return switch (type) {
      case NullType ignored -> "null";
      case DecimalType ignored -> "BigDecimal";
      case ArrayType ignored -> "List";
      case MapType ignored -> "Map";
      case StructType ignored -> "Row";
      case AtomicType atomic ->
          switch (atomic) {
            case BOOLEAN -> "Boolean";
            case BYTE -> "Byte";
            case SHORT -> "Short";
            case INTEGER -> "Integer";
            case LONG -> "Long";
            case FLOAT -> "Float";
            case DOUBLE -> "Double";
            case STRING -> "String";
            case BINARY -> "byte[]";
            case DATE -> "LocalDate";
            case TIMESTAMP -> "Instant";
            case TIMESTAMP_NTZ -> "LocalDateTime";
            case DAY_TIME_INTERVAL -> "Duration";
            case YEAR_MONTH_INTERVAL -> "Period";
          };
    };
  }

  private static Store atomic(FieldVector vector, AtomicType type) {
    return switch (type) {
      case BOOLEAN, STRING, BINARY -> plain(vector, type);
      case BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE -> number(vector, type);
      default -> temporal(vector, type);
    };
  }

  private static Store plain(FieldVector vector, AtomicType type) {
    return switch (type) {
      case BOOLEAN -> {
        BitVector v = (BitVector) vector;
        yield (row, value) -> {
          if (!(value instanceof Boolean bool)) {
            return false;
          }
          v.setSafe(row, bool ? 1 : 0);
          return true;
        };
      }
      case STRING -> {
        VarCharVector v = (VarCharVector) vector;
        yield (row, value) -> {
          if (!(value instanceof String text)) {
            return false;
          }
          v.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
          return true;
        };
      }
      default -> {
        VarBinaryVector v = (VarBinaryVector) vector;
        yield (row, value) -> {
          if (!(value instanceof byte[] bytes)) {
            return false;
          }
          v.setSafe(row, bytes);
          return true;
        };
      }
    };
  }

  private static boolean isIntegral(Object value, int bytesMax) {
    return switch (value) {
      case Long ignored -> bytesMax >= Long.BYTES;
      case Integer ignored -> bytesMax >= Integer.BYTES;
      case Short ignored -> bytesMax >= Short.BYTES;
      case Byte ignored -> true;
      default -> false;
    };
  }

  private static Store number(FieldVector vector, AtomicType type) {
    return switch (type) {
      case BYTE -> {
        TinyIntVector v = (TinyIntVector) vector;
        yield (row, value) -> {
          if (!isIntegral(value, Byte.BYTES)) {
            return false;
          }
          v.setSafe(row, ((Number) value).byteValue());
          return true;
        };
      }
      case SHORT -> {
        SmallIntVector v = (SmallIntVector) vector;
        yield (row, value) -> {
          if (!isIntegral(value, Short.BYTES)) {
            return false;
          }
          v.setSafe(row, ((Number) value).shortValue());
          return true;
        };
      }
      case INTEGER -> {
        IntVector v = (IntVector) vector;
        yield (row, value) -> {
          if (!isIntegral(value, Integer.BYTES)) {
            return false;
          }
          v.setSafe(row, ((Number) value).intValue());
          return true;
        };
      }
      case LONG -> {
        BigIntVector v = (BigIntVector) vector;
        yield (row, value) -> {
          if (!isIntegral(value, Long.BYTES)) {
            return false;
          }
          v.setSafe(row, ((Number) value).longValue());
          return true;
        };
      }
      case FLOAT -> {
        Float4Vector v = (Float4Vector) vector;
        yield (row, value) -> {
          if (!(value instanceof Float || isIntegral(value, Short.BYTES))) {
            return false;
          }
          v.setSafe(row, ((Number) value).floatValue());
          return true;
        };
      }
      default -> {
        Float8Vector v = (Float8Vector) vector;
        yield (row, value) -> {
          if (!(value instanceof Double
              || value instanceof Float
              || isIntegral(value, Integer.BYTES))) {
            return false;
          }
          v.setSafe(row, ((Number) value).doubleValue());
          return true;
        };
      }
    };
  }

  private static long micros(long seconds, int nanos) {
    long perSecond = VectorReader.MICROS_PER_SECOND;
    long micros = nanos / 1_000L;
    // Of the first second of the range the whole microseconds fit, but not the second's beginning.
    return seconds < 0
        ? Math.addExact(Math.multiplyExact(seconds + 1, perSecond), micros - perSecond)
        : Math.addExact(Math.multiplyExact(seconds, perSecond), micros);
  }

  /** Microseconds from 1970-01-01 00:00:00 UTC to {@code instant}, rounded down. */
  public static long micros(Instant instant) {
    return micros(instant.getEpochSecond(), instant.getNano());
  }

  /** Microseconds from 1970-01-01 00:00:00 to {@code dateTime}, rounded down. */
  public static long micros(LocalDateTime dateTime) {
    return micros(dateTime.toInstant(ZoneOffset.UTC));
  }

  /** Microseconds in {@code duration}, rounded down. */
  public static long micros(Duration duration) {
    return micros(duration.getSeconds(), duration.getNano());
  }

  private static Store temporal(FieldVector vector, AtomicType type) {
    return switch (type) {
      case DATE -> {
        DateDayVector v = (DateDayVector) vector;
        yield (row, value) -> {
          if (!(value instanceof LocalDate date)) {
            return false;
          }
          v.setSafe(row, Math.toIntExact(date.toEpochDay()));
          return true;
        };
      }
      case TIMESTAMP -> {
        TimeStampVector v = (TimeStampVector) vector;
        yield (row, value) -> {
          if (!(value instanceof Instant instant)) {
            return false;
          }
          v.setSafe(row, micros(instant));
          return true;
        };
      }
      case TIMESTAMP_NTZ -> {
        TimeStampVector v = (TimeStampVector) vector;
        yield (row, value) -> {
          if (!(value instanceof LocalDateTime dateTime)) {
            return false;
          }
          v.setSafe(row, micros(dateTime));
          return true;
        };
      }
      case DAY_TIME_INTERVAL -> {
        DurationVector v = (DurationVector) vector;
        yield (row, value) -> {
          if (!(value instanceof Duration duration)) {
            return false;
          }
          v.setSafe(row, micros(duration));
          return true;
        };
      }
      default -> {
        IntervalYearVector v = (IntervalYearVector) vector;
        yield (row, value) -> {
          if (!(value instanceof Period period) || !period.withDays(0).equals(period)) {
            return false;
          }
          v.setSafe(row, Math.toIntExact(period.toTotalMonths()));
          return true;
        };
      }
    };
  }

  private static Store decimal(DecimalVector vector, DecimalType type, String path) {
    return (row, value) -> {
      BigDecimal number;
      if (value instanceof BigDecimal decimal) {
        number = decimal;
      } else if (value instanceof BigInteger integer) {
        number = new BigDecimal(integer);
      } else if (isIntegral(value, Long.BYTES)) {
        number = BigDecimal.valueOf(((Number) value).longValue());
      } else {
        return false;
      }
      BigDecimal scaled = number.setScale(type.scale(), RoundingMode.HALF_UP);
      if (scaled.precision() > type.precision()) {
        throw new ArrowmillException(
            "NUMERIC_VALUE_OUT_OF_RANGE",
            "decimal must fit its column's precision: column="
                + path
                + ", type="
                + type.sql()
                + ", value="
                + number.toPlainString()
                + "; declare the column with more digits");
      }
      vector.setSafe(row, scaled);
      return true;
    };
  }

  private static Store list(ListVector vector, ArrayType type, String path) {
    VectorWriter elements =
        of(vector.getDataVector(), type.element(), type.containsNull(), path + ".element");
    return (row, value) -> {
      if (!(value instanceof Collection<?> values)) {
        return false;
      }
      int start = vector.startNewValue(row);
      int index = start;
      for (Object element : values) {
        elements.write(index++, element);
      }
      vector.endValue(row, index - start);
      return true;
    };
  }

  private static Store map(ListVector vector, MapType type, String path) {
    StructVector entries = (StructVector) vector.getDataVector();
    VectorWriter keys =
        of((FieldVector) entries.getChildByOrdinal(0), type.key(), false, path + ".key");
    VectorWriter values =
        of(
            (FieldVector) entries.getChildByOrdinal(1),
            type.value(),
            type.valueContainsNull(),
            path + ".value");
    return (row, value) -> {
      if (!(value instanceof Map<?, ?> map)) {
        return false;
      }
      int start = vector.startNewValue(row);
      int index = start;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entries.setIndexDefined(index);
        keys.write(index, entry.getKey());
        values.write(index, entry.getValue());
        index++;
      }
      vector.endValue(row, index - start);
      return true;
    };
  }

  private static Store struct(StructVector vector, StructType type, String path) {
    VectorWriter[] fields = new VectorWriter[type.size()];
    for (int i = 0; i < fields.length; i++) {
      StructField field = type.field(i);
      fields[i] =
          of(
              (FieldVector) vector.getChildByOrdinal(i),
              field.type(),
              field.nullable(),
              path + "." + field.name());
    }
    return (row, value) -> {
      if (!(value instanceof Row struct) || struct.size() != fields.length) {
        return false;
      }
      vector.setIndexDefined(row);
      for (int i = 0; i < fields.length; i++) {
        fields[i].write(row, struct.get(i));
      }
      return true;
    };
  }
}
