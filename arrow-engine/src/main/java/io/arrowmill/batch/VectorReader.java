package io.arrowmill.batch;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataType.NullType;
import io.arrowmill.types.StructType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
 * Reads the values of one vector as the Java values of a {@link Row}. Borrows the vector; made once
 * a batch, then called once a row.
 */
@FunctionalInterface
public interface VectorReader {
  /** Microseconds in a second. */
  long MICROS_PER_SECOND = 1_000_000;

  /** The value at {@code row}; null for SQL NULL. */
  @Nullable Object read(int row);

  /**
   * The value of {@code vector}, which holds {@code type} as {@link ArrowTypes} lays it out, at
   * {@code row}.
   */
  static @Nullable Object read(FieldVector vector, int row, DataType type) {
    return of(vector, type).read(row);
  }

  /** The instant {@code micros} microseconds after 1970-01-01 00:00:00 UTC. */
  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
  }

  /** The date and time {@code micros} microseconds after 1970-01-01 00:00:00. */
  static LocalDateTime dateTime(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND),
        (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000,
        ZoneOffset.UTC);
  }

  /** A reader of {@code vector}, which holds {@code type} as {@link ArrowTypes} lays it out. */
  static VectorReader of(FieldVector vector, DataType type) {
    return switch (type) {
      case NullType ignored -> row -> null;
      case DecimalType ignored -> {
        DecimalVector decimals = (DecimalVector) vector;
        yield decimals::getObject;
      }
      case ArrayType array -> list((ListVector) vector, array);
      case MapType map -> map((ListVector) vector, map);
      case StructType struct -> struct((StructVector) vector, struct);
      case AtomicType atomic -> atomic(vector, atomic);
    };
  }

  private static VectorReader atomic(FieldVector vector, AtomicType type) {
    return switch (type) {
      case BOOLEAN -> {
        BitVector v = (BitVector) vector;
        yield row -> v.isNull(row) ? null : v.get(row) != 0;
      }
      case BYTE -> {
        TinyIntVector v = (TinyIntVector) vector;
        yield row -> v.isNull(row) ? null : v.get(row);
      }
      case SHORT -> {
        SmallIntVector v = (SmallIntVector) vector;
        yield row -> v.isNull(row) ? null : v.get(row);
      }
      case INTEGER -> {
        IntVector v = (IntVector) vector;
        yield row -> v.isNull(row) ? null : v.get(row);
      }
      case LONG -> {
        BigIntVector v = (BigIntVector) vector;
        yield row -> v.isNull(row) ? null : v.get(row);
      }
      case FLOAT -> {
        Float4Vector v = (Float4Vector) vector;
        yield row -> v.isNull(row) ? null : v.get(row);
      }
      case DOUBLE -> {
        Float8Vector v = (Float8Vector) vector;
        yield row -> v.isNull(row) ? null : v.get(row);
      }
      case STRING -> {
        VarCharVector v = (VarCharVector) vector;
        yield row -> v.isNull(row) ? null : new String(v.get(row), StandardCharsets.UTF_8);
      }
      case BINARY -> {
        VarBinaryVector v = (VarBinaryVector) vector;
        yield row -> v.isNull(row) ? null : v.get(row);
      }
      case DATE -> {
        DateDayVector v = (DateDayVector) vector;
        yield row -> v.isNull(row) ? null : LocalDate.ofEpochDay(v.get(row));
      }
      case TIMESTAMP -> {
        TimeStampVector v = (TimeStampVector) vector;
        yield row -> v.isNull(row) ? null : instant(v.get(row));
      }
      case TIMESTAMP_NTZ -> {
        TimeStampVector v = (TimeStampVector) vector;
        yield row -> v.isNull(row) ? null : dateTime(v.get(row));
      }
      case DAY_TIME_INTERVAL -> {
        DurationVector v = (DurationVector) vector;
        yield row -> v.isNull(row) ? null : duration(DurationVector.get(v.getDataBuffer(), row));
      }
      case YEAR_MONTH_INTERVAL -> {
        IntervalYearVector v = (IntervalYearVector) vector;
        yield row -> v.isNull(row) ? null : Period.ofMonths(v.get(row)).normalized();
      }
    };
  }

  private static Duration duration(long micros) {
    return Duration.ofSeconds(
        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
  }

  private static VectorReader list(ListVector vector, ArrayType type) {
    VectorReader elements = of(vector.getDataVector(), type.element());
    return row -> {
      if (vector.isNull(row)) {
        return null;
      }
      int end = vector.getElementEndIndex(row);
      int start = vector.getElementStartIndex(row);
      List<@Nullable Object> values = new ArrayList<>(end - start);
      for (int i = start; i < end; i++) {
        values.add(elements.read(i));
      }
      return Collections.unmodifiableList(values);
    };
  }

  private static VectorReader map(ListVector vector, MapType type) {
    StructVector entries = (StructVector) vector.getDataVector();
    VectorReader keys = of((FieldVector) entries.getChildByOrdinal(0), type.key());
    VectorReader values = of((FieldVector) entries.getChildByOrdinal(1), type.value());
    return row -> {
      if (vector.isNull(row)) {
        return null;
      }
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
      int end = vector.getElementEndIndex(row);
      for (int i = vector.getElementStartIndex(row); i < end; i++) {
        map.put(keys.read(i), values.read(i));
      }
      return Collections.unmodifiableMap(map);
    };
  }

  private static VectorReader struct(StructVector vector, StructType type) {
    VectorReader[] fields = new VectorReader[type.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = of((FieldVector) vector.getChildByOrdinal(i), type.field(i).type());
    }
    return row -> {
      if (vector.isNull(row)) {
        return null;
      }
      List<@Nullable Object> values = new ArrayList<>(fields.length);
      for (VectorReader field : fields) {
        values.add(field.read(row));
      }
      return Row.withSchema(type, values);
    };
  }
}
