package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.runtime.KernelErrors;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The functions on text, by way of String, regular expressions and java.time. */
final class InterpretedText {

  private static final Set<String> TRUE = Set.of("t", "true", "y", "yes", "1");
  private static final Set<String> FALSE = Set.of("f", "false", "n", "no", "0");
  private static final Pattern INTEGER =
      Pattern.compile("[\\x00-\\x20\\x7f]*([+-]?[0-9]+)[\\x00-\\x20\\x7f]*");

  private InterpretedText() {}

  static @Nullable Object call(Ir.Call node, List<Object> values) {
    Object first = values.getFirst();
    return switch (node.function()) {
      case BOOL_TO_TEXT, I64_TO_TEXT, F32_TO_TEXT, F64_TO_TEXT -> ByteString.of(first.toString());
      case DATE_TO_TEXT -> ByteString.of(LocalDate.ofEpochDay((Integer) first).toString());
      case TIMESTAMP_TO_TEXT -> ByteString.of(timestamp((Long) first));
      case CONCAT -> ByteString.of(text(first) + text(values.get(1)));
      case STARTS_WITH -> text(first).startsWith(text(values.get(1)));
      case ENDS_WITH -> text(first).endsWith(text(values.get(1)));
      case CONTAINS -> text(first).contains(text(values.get(1)));
      case SUBSTRING ->
          ByteString.of(substring(text(first), (Integer) values.get(1), (Integer) values.get(2)));
      default -> ofOne(node, text(first));
    };
  }

  private static @Nullable Object ofOne(Ir.Call node, String text) {
    return switch (node.function()) {
      case OCTET_LENGTH -> ByteString.of(text).length();
      case CHAR_LENGTH -> text.codePointCount(0, text.length());
      case UPPER -> ByteString.of(text.toUpperCase(Locale.ROOT));
      case LOWER -> ByteString.of(text.toLowerCase(Locale.ROOT));
      case TRIM -> ByteString.of(text.replaceAll("^ +| +\\z", ""));
      case TRIM_LEFT -> ByteString.of(text.replaceAll("^ +", ""));
      case TRIM_RIGHT -> ByteString.of(text.replaceAll(" +\\z", ""));
      default -> {
        Object parsed = parse(node.function(), text);
        if (parsed == null && node.function().mayFail()) {
          throw KernelErrors.invalidInput(node.site(), text, node.type().toString());
        }
        yield parsed;
      }
    };
  }

  private static @Nullable Object parse(Function function, String text) {
    String word = text.trim().toLowerCase(Locale.ROOT);
    return switch (function) {
      case TEXT_TO_BOOL, TRY_TEXT_TO_BOOL ->
          TRUE.contains(word) ? (Boolean) true : FALSE.contains(word) ? (Boolean) false : null;
      case TEXT_TO_F64, TRY_TEXT_TO_F64 -> parseDouble(word);
      case TEXT_TO_I32, TRY_TEXT_TO_I32 -> {
        Long value = parseLong(text);
        yield value == null || value != value.intValue() ? null : (Object) value.intValue();
      }
      case TEXT_TO_I64, TRY_TEXT_TO_I64 -> parseLong(text);
      default -> throw new IllegalStateException("unknown function: " + function);
    };
  }

  private static @Nullable Long parseLong(String text) {
    var matcher = INTEGER.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    BigDecimal value = new BigDecimal(matcher.group(1));
    return value.toBigInteger().bitLength() > 63 ? null : (Long) value.longValueExact();
  }

  private static @Nullable Object parseDouble(String word) {
    String unsigned = word.startsWith("+") || word.startsWith("-") ? word.substring(1) : word;
    if (unsigned.equals("inf") || unsigned.equals("infinity")) {
      return word.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (unsigned.equals("nan")) {
      return Double.NaN;
    }
    try {
      return Double.valueOf(word);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String timestamp(long micros) {
    LocalDateTime time =
        Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC).toLocalDateTime();
    String clock = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
    String fraction = "%06d".formatted(time.getNano() / 1000).replaceAll("0+$", "");
    return time.toLocalDate() + " " + clock + (fraction.isEmpty() ? "" : "." + fraction);
  }

  private static String substring(String text, int position, int count) {
    int[] characters = text.codePoints().toArray();
    long first =
        position > 0 ? position - 1L : position == 0 ? 0 : (long) characters.length + position;
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < characters.length; i++) {
      if (i >= first && i < first + count) {
        result.appendCodePoint(characters[i]);
      }
    }
    return result.toString();
  }

  static Object like(Ir.Like node, Object value) {
    StringBuilder regex = new StringBuilder();
    String pattern = node.pattern();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == node.escape()) {
        i++;
        regex.append(Pattern.quote(pattern.substring(i, i + 1)));
      } else if (c == '%') {
        regex.append(".*");
      } else if (c == '_') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(pattern.substring(i, i + 1)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text(value)).matches();
  }

  private static String text(Object value) {
    return ((ByteString) value).toText();
  }
}
