package io.arrowmill.oracle;

import io.arrowmill.Row;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as text that tells every two different values apart: types, scales, the sign of zero. */
final class RowText {
  private RowText() {}

  static String of(Row row) {
    return row.values().stream().map(RowText::value).collect(Collectors.joining(" | "));
  }

  static List<String> values(Row row) {
    return row.values().stream().map(RowText::value).toList();
  }

  static String value(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> '"' + text + '"';
      case byte[] bytes -> "X'" + HexFormat.of().formatHex(bytes) + "'";
      case BigDecimal decimal -> decimal.toPlainString() + "BD";
      case Long number -> number + "L";
      case Float number -> number + "F";
      case Short number -> number + "S";
      case Byte number -> number + "Y";
      case List<?> list ->
          list.stream().map(RowText::value).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> value(entry.getKey()) + "->" + value(entry.getValue()))
              .sorted()
              .collect(Collectors.joining(",", "{", "}"));
      case Row row ->
          row.values().stream().map(RowText::value).collect(Collectors.joining(",", "(", ")"));
      default -> value.toString();
    };
  }
}
