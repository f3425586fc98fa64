package io.arrowmill.plan;

import io.arrowmill.AnalysisException;
import io.arrowmill.Row;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Constants from Java values. */
public final class Literals {
  private Literals() {}

  /**
   * The constant for a Java value of one of {@link Row}'s types; a collection becomes a call that
   * builds it.
   *
   * @throws AnalysisException with condition {@code UNSUPPORTED_FEATURE.LITERAL_TYPE} for any other
   *     class
   */
  public static Expression of(@Nullable Object value) {
    return switch (value) {
      case null -> Literal.NULL;
      case Expression expression -> expression;
      case Boolean bool -> bool ? Literal.TRUE : Literal.FALSE;
      case BigDecimal decimal -> decimal(decimal);
      case BigInteger integer -> decimal(new BigDecimal(integer));
      case Character character -> new Literal(character.toString(), AtomicType.STRING);
      case Enum<?> constant -> new Literal(constant.name(), AtomicType.STRING);
      case OffsetDateTime time -> new Literal(time.toInstant(), AtomicType.TIMESTAMP);
      case ZonedDateTime time -> new Literal(time.toInstant(), AtomicType.TIMESTAMP);
      case List<?> list ->
          new UnresolvedFunction("array", list.stream().map(Literals::of).toList(), false, null);
      case Map<?, ?> map -> map(map);
      case Row row -> struct(row);
      default -> new Literal(value, atomicType(value));
    };
  }

  /** A decimal constant of just the digits it has, as {@code 1.50} is DECIMAL(3,2). */
  public static Literal decimal(BigDecimal value) {
    BigDecimal scaled = value.scale() < 0 ? value.setScale(0) : value;
    int precision = Math.max(scaled.precision(), scaled.scale());
    if (precision > DecimalType.PRECISION_MAX) {
      throw new AnalysisException(
          "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
          "decimal constant must have at most "
              + DecimalType.PRECISION_MAX
              + " digits: digits="
              + precision
              + ", value="
              + value
              + "; round it, or write a double such as 1.0E40");
    }
    return new Literal(scaled, new DecimalType(precision, scaled.scale()));
  }

  private static DataType atomicType(Object value) {
    return switch (value) {
      case Byte ignored -> AtomicType.BYTE;
      case Short ignored -> AtomicType.SHORT;
      case Integer ignored -> AtomicType.INTEGER;
      case Long ignored -> AtomicType.LONG;
      case Float ignored -> AtomicType.FLOAT;
      case Double ignored -> AtomicType.DOUBLE;
      case String ignored -> AtomicType.STRING;
      case byte[] ignored -> AtomicType.BINARY;
      case LocalDate ignored -> AtomicType.DATE;
      case Instant ignored -> AtomicType.TIMESTAMP;
      case LocalDateTime ignored -> AtomicType.TIMESTAMP_NTZ;
      case Duration ignored -> AtomicType.DAY_TIME_INTERVAL;
      case Period ignored -> AtomicType.YEAR_MONTH_INTERVAL;
      default ->
          throw new AnalysisException(
              "UNSUPPORTED_FEATURE.LITERAL_TYPE",
              "a constant must be of a class that a Row can hold: class="
                  + value.getClass().getName()
                  + ", value="
                  + value
                  + "; convert it, for example to a String, a number or an Instant");
    };
  }

  private static Expression map(Map<?, ?> map) {
    List<Expression> entries = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      entries.add(of(entry.getKey()));
      entries.add(of(entry.getValue()));
    }
    return new UnresolvedFunction("map", entries, false, null);
  }

  private static Expression struct(Row row) {
    StructType schema = row.schema();
    List<Expression> fields = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      String name = schema == null ? "col" + (i + 1) : schema.field(i).name();
      fields.add(new Literal(name, AtomicType.STRING));
      fields.add(of(row.get(i)));
    }
    return new UnresolvedFunction("named_struct", fields, false, null);
  }
}
