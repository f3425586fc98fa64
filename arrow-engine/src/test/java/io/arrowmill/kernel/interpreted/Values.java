package io.arrowmill.kernel.interpreted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import io.arrowmill.types.TypeParser;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/** Builds calls of literals, NULL being null, and checks what they evaluate to. */
@NullUnmarked
final class Values {
  static final Instant NOW = Instant.parse("2024-05-06T07:08:09.123456Z");

  private Values() {}

  static DataType type(String ddl) {
    return new TypeParser(ddl).parseType();
  }

  static Instant utc(String text) {
    return Instant.parse(text);
  }

  static LocalDate date(String text) {
    return LocalDate.parse(text);
  }

  static BigDecimal dec(String text) {
    return new BigDecimal(text);
  }

  /** The type of the value, nested types by their first element. */
  static DataType typeOf(Object value) {
    return switch (value) {
      case null -> DataTypes.NULL;
      case Boolean ignored -> DataTypes.BOOLEAN;
      case Byte ignored -> DataTypes.BYTE;
      case Short ignored -> DataTypes.SHORT;
      case Integer ignored -> DataTypes.INTEGER;
      case Long ignored -> DataTypes.LONG;
      case Float ignored -> DataTypes.FLOAT;
      case Double ignored -> DataTypes.DOUBLE;
      case BigDecimal decimal ->
          DataTypes.decimal(Math.max(decimal.precision(), decimal.scale() + 1), decimal.scale());
      case String ignored -> DataTypes.STRING;
      case byte[] ignored -> DataTypes.BINARY;
      case LocalDate ignored -> DataTypes.DATE;
      case Instant ignored -> DataTypes.TIMESTAMP;
      case LocalDateTime ignored -> DataTypes.TIMESTAMP_NTZ;
      case Duration ignored -> DataTypes.dayTimeInterval();
      case Period ignored -> DataTypes.yearMonthInterval();
      case List<?> list ->
          DataTypes.array(typeOf(list.stream().filter(e -> e != null).findFirst().orElse(null)));
      case Map<?, ?> map ->
          map.isEmpty()
              ? DataTypes.map(DataTypes.NULL, DataTypes.NULL)
              : DataTypes.map(
                  typeOf(map.keySet().iterator().next()), typeOf(map.values().iterator().next()));
      case Row row -> {
        StructType struct = new StructType();
        for (int i = 0; i < row.size(); i++) {
          struct = struct.add("f" + i, typeOf(row.get(i)));
        }
        yield struct;
      }
      default -> throw new IllegalArgumentException(value.getClass().toString());
    };
  }

  static Literal lit(Object value) {
    return new Literal(value, typeOf(value));
  }

  static Expression call(String name, DataType type, Object... arguments) {
    List<Expression> operands =
        Arrays.stream(arguments)
            .map(a -> a instanceof Expression expression ? expression : lit(a))
            .toList();
    return new Call(name, operands, type, true);
  }

  static Object evaluate(Expression expression, String zone) {
    return Interpreter.bind(expression, List.of(), ZoneId.of(zone), NOW)
        .evaluate(RowView.of(Row.of()));
  }

  /** The function's value, of the type that the expected value is of. */
  static void check(String name, Object expected, Object... arguments) {
    checkTyped(name, expected == null ? DataTypes.STRING : typeOf(expected), expected, arguments);
  }

  static void checkTyped(String name, DataType type, Object expected, Object... arguments) {
    Object actual = evaluate(call(name, type, arguments), "UTC");
    // A row compares byte arrays by content, and tells 1 from 1L.
    assertThat(Row.of(actual))
        .as(name + Arrays.deepToString(arguments))
        .isEqualTo(Row.of(expected));
  }

  /** Any null argument, the others as given, makes the function null. */
  static void checkNulls(String name, DataType type, Object... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      Object[] some = arguments.clone();
      some[i] = null;
      checkTyped(name, type, null, some);
    }
  }

  static void checkFault(String name, DataType type, String condition, Object... arguments) {
    fault(call(name, type, arguments), condition);
  }

  static void fault(Expression expression, String condition) {
    ArrowmillException e =
        catchThrowableOfType(ArrowmillException.class, () -> evaluate(expression, "UTC"));
    assertThat(e).as(expression.sql()).isNotNull();
    assertThat(e.condition()).isEqualTo(condition);
    assertThat(e).hasMessageContaining("expression=" + expression.sql()).hasMessageContaining("; ");
  }

  static void checkCast(Object value, String type, Object expected) {
    checkCast(value, type, expected, "UTC");
  }

  static void checkCast(Object value, String type, Object expected, String zone) {
    for (boolean tryMode : new boolean[] {false, true}) {
      Object actual = evaluate(new Cast(lit(value), type(type), tryMode), zone);
      assertThat(Row.of(actual)).as(value + " to " + type).isEqualTo(Row.of(expected));
    }
  }

  static void checkBadCast(Object value, String type, String condition) {
    fault(new Cast(lit(value), type(type), false), condition);
    assertThat(evaluate(new Cast(lit(value), type(type), true), "UTC")).isNull();
  }
}
