package io.arrowmill.kernel.interpreted;

import io.arrowmill.Row;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hashes values of any type by hashing their 32-bit, 64-bit and byte parts one after the other,
 * each seeding the next.
 */
abstract class ValueHash {
  /** Digits of the decimals that are hashed as 64-bit numbers. */
  private static final int LONG_DIGITS_MAX = 18;

  abstract long hashInt(int value, long seed);

  abstract long hashLong(long value, long seed);

  abstract long hashBytes(byte[] bytes, long seed);

  /** The hash of the value with the given seed; NULL leaves the seed as it is. */
  final long fold(@Nullable Object value, DataType type, long seed) {
    if (value == null) {
      return seed;
    }
    return switch (type) {
      case DecimalType decimal -> decimal((BigDecimal) value, decimal, seed);
      case ArrayType array -> {
        long hash = seed;
        for (Object element : (List<?>) value) {
          hash = fold(element, array.element(), hash);
        }
        yield hash;
      }
      case MapType map -> {
        long hash = seed;
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          hash = fold(entry.getKey(), map.key(), hash);
          hash = fold(entry.getValue(), map.value(), hash);
        }
        yield hash;
      }
      case StructType struct -> {
        long hash = seed;
        for (int i = 0; i < struct.size(); i++) {
          hash = fold(((Row) value).get(i), struct.field(i).type(), hash);
        }
        yield hash;
      }
      case AtomicType atomic -> atomic(value, atomic, seed);
      default -> seed;
    };
  }

  private long decimal(BigDecimal value, DecimalType type, long seed) {
    BigDecimal scaled = value.setScale(type.scale());
    return type.precision() <= LONG_DIGITS_MAX
        ? hashLong(scaled.unscaledValue().longValueExact(), seed)
        : hashBytes(scaled.unscaledValue().toByteArray(), seed);
  }

  private long atomic(Object value, AtomicType type, long seed) {
    return switch (type) {
      case BOOLEAN -> hashInt((Boolean) value ? 1 : 0, seed);
      case BYTE, SHORT, INTEGER -> hashInt(((Number) value).intValue(), seed);
      case LONG -> hashLong((Long) value, seed);
      // Adding zero makes -0.0 the same as 0.0.
      case FLOAT -> hashInt(Float.floatToIntBits((Float) value + 0.0f), seed);
      case DOUBLE -> hashLong(Double.doubleToLongBits((Double) value + 0.0), seed);
      case STRING -> hashBytes(Text.utf8((String) value), seed);
      case BINARY -> hashBytes((byte[]) value, seed);
      case DATE -> hashInt((int) ((LocalDate) value).toEpochDay(), seed);
      case TIMESTAMP -> hashLong(VectorWriter.micros((Instant) value), seed);
      case TIMESTAMP_NTZ -> hashLong(VectorWriter.micros((LocalDateTime) value), seed);
      case DAY_TIME_INTERVAL -> hashLong(VectorWriter.micros((Duration) value), seed);
      case YEAR_MONTH_INTERVAL -> hashInt((int) ((Period) value).toTotalMonths(), seed);
    };
  }
}
