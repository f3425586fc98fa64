package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.batch.ValueText;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Conversions between types, as ANSI SQL has them: what can't be converted is an error, or NULL in
 * try mode.
 */
final class Casts {
  /** Converts one value that is not null. */
  @FunctionalInterface
  interface Converter {
    @Nullable Object convert(Object value);
  }

  private final CallSite site;
  private final boolean tryMode;
  private final ZoneId zone;

  private Casts(CallSite site, boolean tryMode) {
    this.site = site;
    this.tryMode = tryMode;
    this.zone = site.zone();
  }

  static Evaluator bind(CallSite site, Cast cast, Evaluator child) {
    Converter converter =
        new Casts(site, cast.tryMode()).converter(cast.child().type(), cast.type());
    return row -> {
      Object value = child.evaluate(row);
      return value == null ? null : converter.convert(value);
    };
  }

  private Converter converter(DataType from, DataType to) {
    if (from.equals(to)) {
      return value -> value;
    }
    return switch (to) {
      case ArrayType array when from instanceof ArrayType source ->
          list(converter(source.element(), array.element()));
      case MapType map when from instanceof MapType source ->
          map(converter(source.key(), map.key()), converter(source.value(), map.value()));
      case StructType struct when from instanceof StructType source -> struct(source, struct);
      default -> tryMode ? orNull(atomic(to)) : atomic(to);
    };
  }

  private static Converter orNull(Converter converter) {
    return value -> {
      try {
        return converter.convert(value);
      } catch (ArrowmillException e) {
        return null;
      }
    };
  }

  private static @Nullable Object nullable(Converter converter, @Nullable Object value) {
    return value == null ? null : converter.convert(value);
  }

  private static Converter list(Converter element) {
    return value -> {
      List<@Nullable Object> converted = new ArrayList<>();
      for (Object each : (List<?>) value) {
        converted.add(nullable(element, each));
      }
      return converted;
    };
  }

  private static Converter map(Converter key, Converter value) {
    return map -> {
      Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
        converted.put(
            key.convert(Objects.requireNonNull(entry.getKey())), nullable(value, entry.getValue()));
      }
      return converted;
    };
  }

  private Converter struct(StructType from, StructType to) {
    List<Converter> fields = new ArrayList<>();
    for (int i = 0; i < to.size(); i++) {
      fields.add(converter(from.field(i).type(), to.field(i).type()));
    }
    return value -> {
      List<@Nullable Object> converted = new ArrayList<>();
      for (int i = 0; i < fields.size(); i++) {
        converted.add(nullable(fields.get(i), ((Row) value).get(i)));
      }
      return Row.withSchema(to, converted);
    };
  }

  private Converter atomic(DataType to) {
    return switch (to) {
      case DecimalType decimal -> value -> toDecimal(value, decimal);
      case AtomicType atomic ->
          switch (atomic) {
            case BOOLEAN -> this::toBoolean;
            case BYTE, SHORT, INTEGER, LONG -> value -> toIntegral(value, atomic);
            case FLOAT -> value -> ofDouble(value).floatValue();
            case DOUBLE -> value -> ofDouble(value).doubleValue();
            case STRING -> value -> ValueText.cast(value, zone);
            case BINARY -> Casts::toBinary;
            case DATE -> value -> ofTime(value, () -> Times.date(parsed(value, atomic), zone));
            case TIMESTAMP -> this::toTimestamp;
            case TIMESTAMP_NTZ ->
                value -> ofTime(value, () -> Times.dateTime(parsed(value, atomic), zone));
            case DAY_TIME_INTERVAL -> this::toDuration;
            case YEAR_MONTH_INTERVAL -> this::toPeriod;
          };
      default -> value -> value;
    };
  }

  private ArrowmillException invalid(Object value) {
    return site.fault(
        "CAST_INVALID_INPUT",
        "value must be well-formed for the type it is cast to",
        "correct the value, or use try_cast to get NULL instead",
        value);
  }

  private ArrowmillException overflow(Object value) {
    return site.fault(
        "CAST_OVERFLOW",
        "value must be in the range of the type it is cast to",
        "cast to a wider type, or use try_cast to get NULL instead",
        value);
  }

  private Object toBoolean(Object value) {
    if (value instanceof String text) {
      return switch (TimeText.trim(text).toLowerCase(java.util.Locale.ROOT)) {
        case "t", "true", "y", "yes", "1" -> true;
        case "f", "false", "n", "no", "0" -> false;
        default -> throw invalid(value);
      };
    }
    return value instanceof BigDecimal decimal
        ? decimal.signum() != 0
        : Numbers.toDouble(value) != 0;
  }

  private Object toIntegral(Object value, AtomicType type) {
    BigInteger whole =
        switch (value) {
          case String text -> wholeNumber(text);
          case Boolean bool -> bool ? BigInteger.ONE : BigInteger.ZERO;
          case BigDecimal decimal -> decimal.toBigInteger();
          case Instant instant -> BigInteger.valueOf(instant.getEpochSecond());
          case Duration duration -> BigInteger.valueOf(duration.toSeconds());
          case Period period -> BigInteger.valueOf(period.toTotalMonths());
          case Number number when Numbers.isFloating(number) -> whole(number.doubleValue());
          default -> BigInteger.valueOf(Numbers.toLong(value));
        };
    Object fitted = Numbers.fit(whole, type);
    if (fitted == null) {
      throw value instanceof String ? invalid(value) : overflow(value);
    }
    return fitted;
  }

  private BigInteger wholeNumber(String text) {
    String trimmed = TimeText.trim(text);
    if (!trimmed.matches("[+-]?[0-9]+")) {
      throw invalid(text);
    }
    return new BigInteger(trimmed);
  }

  private BigInteger whole(double value) {
    if (!Double.isFinite(value)) {
      throw overflow(value);
    }
    // 2^63 as a double stands for all that round to it: like the largest long.
    return value == 0x1p63
        ? BigInteger.valueOf(Long.MAX_VALUE)
        : new BigDecimal(value).toBigInteger();
  }

  private Number ofDouble(Object value) {
    return switch (value) {
      case String text -> parseDouble(text);
      case Boolean bool -> bool ? 1.0 : 0.0;
      case Instant instant -> VectorWriter.micros(instant) / (double) Times.MICROS_PER_SECOND;
      default -> (Number) value;
    };
  }

  private Number parseDouble(String text) {
    try {
      return site.type().equals(AtomicType.FLOAT)
          ? (Number) Float.parseFloat(text)
          : (Number) Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return switch (TimeText.trim(text).toLowerCase(java.util.Locale.ROOT)) {
        case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
        case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
        case "nan" -> Double.NaN;
        default -> throw invalid(text);
      };
    }
  }

  private @Nullable Object toDecimal(Object value, DecimalType type) {
    BigDecimal number =
        switch (value) {
          case String text -> parseDecimal(text);
          case Boolean bool -> bool ? BigDecimal.ONE : BigDecimal.ZERO;
          case Instant instant -> BigDecimal.valueOf(VectorWriter.micros(instant), 6);
          case Double floating when !Double.isFinite(floating) -> null;
          case Float floating when !Float.isFinite(floating) -> null;
          default -> Numbers.toDecimal(value);
        };
    if (number == null) {
      return null;
    }
    BigDecimal scaled = number.setScale(type.scale(), RoundingMode.HALF_UP);
    if (scaled.precision() > type.precision()) {
      throw site.fault(
          "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
          "number must fit the decimal it is cast to",
          "cast to a decimal of more digits, or use try_cast to get NULL instead",
          value);
    }
    return scaled;
  }

  private BigDecimal parseDecimal(String text) {
    BigDecimal number;
    try {
      number = new BigDecimal(TimeText.trim(text));
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
    if ((long) number.precision() - number.scale() > DecimalType.PRECISION_MAX) {
      throw site.fault(
          "NUMERIC_OUT_OF_SUPPORTED_RANGE",
          "number must have at most " + DecimalType.PRECISION_MAX + " digits before the point",
          "correct the value, or use try_cast to get NULL instead",
          text);
    }
    return number;
  }

  private static Object toBinary(Object value) {
    return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : value;
  }

  /** Text as the point in time it tells; other values as they are. */
  private Object parsed(Object value, AtomicType type) {
    if (!(value instanceof String text)) {
      return value;
    }
    Object time =
        switch (type) {
          case DATE -> TimeText.parseDate(text);
          case TIMESTAMP_NTZ -> TimeText.parseDateTime(text);
          default -> TimeText.parseTimestamp(text, zone, site.now());
        };
    if (time == null) {
      throw invalid(text);
    }
    return time;
  }

  private <T> T ofTime(Object value, java.util.function.Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (ArithmeticException | DateTimeException e) {
      throw overflow(value);
    }
  }

  private Object toTimestamp(Object value) {
    return ofTime(
        value,
        () ->
            switch (value) {
              case Boolean bool -> Instant.ofEpochSecond(0, bool ? 1_000 : 0);
              case Number number when Numbers.isFloating(number) -> ofSeconds(number.doubleValue());
              case BigDecimal decimal -> Timestamps.ofUnits(decimal, Times.MICROS_PER_SECOND);
              // Whole seconds out of range give the first or last timestamp there is.
              case Number number ->
                  VectorReader.instant(TimeUnit.SECONDS.toMicros(number.longValue()));
              default ->
                  TimeArithmetic.checked(Times.instant(parsed(value, AtomicType.TIMESTAMP), zone));
            });
  }

  private Instant ofSeconds(double seconds) {
    if (!Double.isFinite(seconds)) {
      throw invalid(seconds);
    }
    return Timestamps.ofUnits(new BigDecimal(seconds), Times.MICROS_PER_SECOND);
  }

  private Object toDuration(Object value) {
    if (value instanceof Number number) {
      return Duration.ofSeconds(number.longValue());
    }
    Duration duration = IntervalText.parseDayTime((String) value);
    if (duration == null) {
      throw invalid(value);
    }
    return duration;
  }

  private Object toPeriod(Object value) {
    if (value instanceof Number number) {
      return ofTime(value, () -> TimeArithmetic.months(number.longValue()));
    }
    Period period = IntervalText.parseYearMonth((String) value);
    if (period == null) {
      throw invalid(value);
    }
    return period;
  }
}
