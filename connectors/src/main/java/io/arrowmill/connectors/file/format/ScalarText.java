package io.arrowmill.connectors.file.format;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Reads values without children from their text. Immutable. */
final class ScalarText {
  private final TimeText times;

  ScalarText(TimeText times) {
    this.times = times;
  }

  /**
   * The value that {@code text} stands for.
   *
   * @throws RuntimeException if it stands for none of that type
   */
  Object parse(String text, DataType type) {
    return switch (type) {
      case DecimalType decimal -> decimal(new BigDecimal(text.trim()), decimal);
      case AtomicType atomic ->
          switch (atomic) {
            case BOOLEAN -> bool(text);
            case BYTE -> Byte.parseByte(text);
            case SHORT -> Short.parseShort(text);
            case INTEGER -> Integer.parseInt(text);
            case LONG -> Long.parseLong(text);
            case FLOAT -> (float) number(text);
            case DOUBLE -> number(text);
            case STRING -> text;
            case BINARY -> text.getBytes(StandardCharsets.UTF_8);
            case DATE -> times.date(text);
            case TIMESTAMP -> times.instant(text);
            case TIMESTAMP_NTZ -> times.local(text);
            case DAY_TIME_INTERVAL, YEAR_MONTH_INTERVAL ->
                throw new IllegalArgumentException("intervals have no text here");
          };
      default -> throw new IllegalArgumentException("type has no text: " + type.sql());
    };
  }

  private static boolean bool(String text) {
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    if (text.equalsIgnoreCase("false")) {
      return false;
    }
    throw new IllegalArgumentException("not a boolean: " + text);
  }

  static double number(String text) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Inf", "+Inf", "Infinity", "+Infinity", "INF", "+INF" -> Double.POSITIVE_INFINITY;
      case "-Inf", "-Infinity", "-INF" -> Double.NEGATIVE_INFINITY;
      default -> finite(text);
    };
  }

  private static double finite(String text) {
    if (text.isEmpty()
        || !(Character.isDigit(text.charAt(text.length() - 1)) || text.endsWith("."))) {
      throw new NumberFormatException("not a number: " + text); // Java's suffixes d and f are none
    }
    return Double.parseDouble(text);
  }

  static BigDecimal decimal(BigDecimal value, DecimalType type) {
    BigDecimal scaled = value.setScale(type.scale(), RoundingMode.HALF_UP);
    if (scaled.precision() > type.precision()) {
      throw new ArithmeticException("too many digits for " + type.sql());
    }
    return scaled;
  }
}
