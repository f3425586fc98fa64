package io.arrowmill.benchmarks.kernels;

import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A column whose values are computed of the row's number.
 *
 * @param duckDbSql what DuckDB keeps of the imported column
 */
record TableColumn(Field field, String duckDbSql, Filler filler) {

  /** Writes values into a vector. */
  @FunctionalInterface
  interface Filler {
    /** Writes the values of {@code count} rows from {@code firstRow} on; the vector is empty. */
    void fill(FieldVector vector, long firstRow, int count);
  }

  static TableColumn int64(String name, LongUnaryOperator value) {
    return of(
        name,
        new ArrowType.Int(64, true),
        (vector, firstRow, count) -> {
          BigIntVector target = (BigIntVector) vector;
          for (int i = 0; i < count; i++) {
            target.set(i, value.applyAsLong(firstRow + i));
          }
        });
  }

  static TableColumn int32(String name, LongUnaryOperator value) {
    return of(
        name,
        new ArrowType.Int(32, true),
        (vector, firstRow, count) -> {
          IntVector target = (IntVector) vector;
          for (int i = 0; i < count; i++) {
            target.set(i, Math.toIntExact(value.applyAsLong(firstRow + i)));
          }
        });
  }

  /** Doubles: {@code numerator} divided by a power of two. */
  static TableColumn fraction(String name, LongUnaryOperator numerator, int denominator) {
    ArrowType type = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    return of(
        name,
        type,
        (vector, firstRow, count) -> {
          Float8Vector target = (Float8Vector) vector;
          for (int i = 0; i < count; i++) {
            target.set(i, (double) numerator.applyAsLong(firstRow + i) / denominator);
          }
        });
  }

  /** {@code decimal(15,2)}, of hundredths. */
  static TableColumn decimal(String name, LongUnaryOperator hundredths) {
    return of(
        name,
        new ArrowType.Decimal(15, 2, 128),
        (vector, firstRow, count) -> {
          DecimalVector target = (DecimalVector) vector;
          for (int i = 0; i < count; i++) {
            target.set(i, hundredths.applyAsLong(firstRow + i));
          }
        });
  }

  static TableColumn date(String name, LongUnaryOperator epochDay) {
    return of(
        name,
        new ArrowType.Date(DateUnit.DAY),
        (vector, firstRow, count) -> {
          DateDayVector target = (DateDayVector) vector;
          for (int i = 0; i < count; i++) {
            target.set(i, Math.toIntExact(epochDay.applyAsLong(firstRow + i)));
          }
        });
  }

  /** Timestamps, of microseconds. DuckDB keeps one without a zone: computing with it is simpler. */
  static TableColumn time(String name, LongUnaryOperator epochMicros) {
    Field field = Field.nullable(name, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"));
    return new TableColumn(
        field,
        "make_timestamp(epoch_us(" + name + ")) AS " + name,
        (vector, firstRow, count) -> {
          TimeStampMicroTZVector target = (TimeStampMicroTZVector) vector;
          for (int i = 0; i < count; i++) {
            target.set(i, epochMicros.applyAsLong(firstRow + i));
          }
        });
  }

  static TableColumn string(String name, LongFunction<String> value) {
    return of(
        name,
        ArrowType.Utf8.INSTANCE,
        (vector, firstRow, count) -> {
          VarCharVector target = (VarCharVector) vector;
          for (int i = 0; i < count; i++) {
            target.setSafe(i, value.apply(firstRow + i).getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private static TableColumn of(String name, ArrowType type, Filler filler) {
    return new TableColumn(Field.nullable(name, type), name, filler);
  }

  /** A number from 0 up to {@code bound} that looks random; columns differ by {@code salt}. */
  static long hash(long row, int salt, long bound) {
    long mixed = (row * 8 + salt) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    mixed ^= mixed >>> 31;
    return Math.unsignedMultiplyHigh(mixed, bound);
  }

  /** One of some strings. */
  static String choice(long row, int salt, String... choices) {
    return choices[(int) hash(row, salt, choices.length)];
  }
}
