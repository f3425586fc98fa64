package io.arrowmill.kernel;

import io.arrowmill.batch.VectorWriter;
import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import org.jspecify.annotations.Nullable;

/** How flat data types and their constants lie in memory. */
final class IrTypes {
  private IrTypes() {}

  /** The layout of a type's column; null if the type is nested. */
  static @Nullable PhysicalType physical(DataType type) {
    return switch (type) {
      case DecimalType ignored -> PhysicalType.DECIMAL;
      case AtomicType atomic ->
          switch (atomic) {
            case BOOLEAN -> PhysicalType.BOOL;
            case BYTE -> PhysicalType.I8;
            case SHORT -> PhysicalType.I16;
            case INTEGER, DATE, YEAR_MONTH_INTERVAL -> PhysicalType.I32;
            case LONG, TIMESTAMP, TIMESTAMP_NTZ, DAY_TIME_INTERVAL -> PhysicalType.I64;
            case FLOAT -> PhysicalType.F32;
            case DOUBLE -> PhysicalType.F64;
            case STRING, BINARY -> PhysicalType.BYTES;
          };
      default -> null;
    };
  }

  /** A constant of a flat type; null if the type is nested or the value does not fit it. */
  static Ir.@Nullable Const constant(@Nullable Object value, DataType type) {
    PhysicalType physical = physical(type);
    if (physical == null) {
      return null;
    }
    if (value == null) {
      return new Ir.Const(physical, null);
    }
    try {
      Object stored = stored(value, type);
      return stored == null ? null : new Ir.Const(physical, stored);
    } catch (ArithmeticException e) {
      return null; // more digits or a greater time than the type has
    }
  }

  private static @Nullable Object stored(Object value, DataType type) {
    return switch (value) {
      case BigDecimal decimal when type instanceof DecimalType target ->
          decimal.setScale(target.scale()).unscaledValue();
      case String text -> ByteString.of(text);
      case byte[] bytes -> ByteString.of(bytes);
      case LocalDate date -> Math.toIntExact(date.toEpochDay());
      case Instant instant -> VectorWriter.micros(instant);
      case LocalDateTime dateTime -> VectorWriter.micros(dateTime);
      case Duration duration -> VectorWriter.micros(duration);
      case Period period -> Math.toIntExact(period.toTotalMonths());
      case Boolean bool -> bool;
      case Number number -> number;
      default -> null;
    };
  }

  /** The null of a physical type. */
  static Ir nullOf(PhysicalType type) {
    return new Ir.Const(type, null);
  }
}
