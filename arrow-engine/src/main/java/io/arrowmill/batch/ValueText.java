package io.arrowmill.batch;

import io.arrowmill.Row;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The text of values as {@code CAST(... AS STRING)} gives it and as tables show it: {@code [1, 2]},
 * {@code {a, 1}}, {@code {k -> v}}.
 */
public final class ValueText {
  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);

  private static final HexFormat SHOWN_BYTES = HexFormat.ofDelimiter(" ").withUpperCase();

  private final ZoneId zone;
  private final boolean shown;

  private ValueText(ZoneId zone, boolean shown) {
    this.zone = zone;
    this.shown = shown;
  }

  /** The text of a cast to STRING of a value that is not null, timestamps in {@code zone}. */
  public static String cast(Object value, ZoneId zone) {
    return new ValueText(zone, false).text(value);
  }

  /**
   * The text in which a table shows a value: as a cast, but NULL as {@code NULL} and bytes as
   * {@code [4A 5F]}.
   */
  public static String show(@Nullable Object value, ZoneId zone) {
    return new ValueText(zone, true).element(value);
  }

  private String element(@Nullable Object value) {
    return value == null ? shown ? "NULL" : "null" : text(value);
  }

  private String text(Object value) {
    return switch (value) {
      case BigDecimal decimal -> decimal.toPlainString();
      case byte[] bytes ->
          shown
              ? "[" + SHOWN_BYTES.formatHex(bytes) + "]"
              : new String(bytes, StandardCharsets.UTF_8);
      case Instant instant -> DATE_TIME.format(LocalDateTime.ofInstant(instant, zone));
      case LocalDateTime dateTime -> DATE_TIME.format(dateTime);
      case Duration duration -> "INTERVAL '" + dayTime(duration) + "' DAY TO SECOND";
      case Period period -> "INTERVAL '" + yearMonth(period) + "' YEAR TO MONTH";
      case Collection<?> list -> list(list);
      case Map<?, ?> map -> map(map);
      case Row row -> struct(row);
      default -> value.toString();
    };
  }

  private static String dayTime(Duration duration) {
    Duration absolute = duration.abs();
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s%d %02d:%02d:%02d",
                duration.isNegative() ? "-" : "",
                absolute.toDays(),
                absolute.toHoursPart(),
                absolute.toMinutesPart(),
                absolute.toSecondsPart()));
    int micros = absolute.toNanosPart() / 1_000;
    if (micros != 0) {
      out.append('.').append(String.format(Locale.ROOT, "%06d", micros).replaceAll("0+$", ""));
    }
    return out.toString();
  }

  private static String yearMonth(Period period) {
    long months = Math.abs(period.toTotalMonths());
    return (period.toTotalMonths() < 0 ? "-" : "") + months / 12 + "-" + months % 12;
  }

  private String list(Collection<?> values) {
    StringJoiner joiner = new StringJoiner(", ", "[", "]");
    values.forEach(value -> joiner.add(element(value)));
    return joiner.toString();
  }

  private String map(Map<?, ?> map) {
    StringJoiner joiner = new StringJoiner(", ", "{", "}");
    map.forEach((key, value) -> joiner.add(element(key) + " -> " + element(value)));
    return joiner.toString();
  }

  private String struct(Row row) {
    StringJoiner joiner = new StringJoiner(", ", "{", "}");
    row.values().forEach(value -> joiner.add(element(value)));
    return joiner.toString();
  }
}
