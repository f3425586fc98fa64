package io.arrowmill.kernel.interpreted;

import static io.arrowmill.kernel.interpreted.Values.call;
import static io.arrowmill.kernel.interpreted.Values.check;
import static io.arrowmill.kernel.interpreted.Values.checkFault;
import static io.arrowmill.kernel.interpreted.Values.checkNulls;
import static io.arrowmill.kernel.interpreted.Values.checkTyped;
import static io.arrowmill.kernel.interpreted.Values.date;
import static io.arrowmill.kernel.interpreted.Values.dec;
import static io.arrowmill.kernel.interpreted.Values.evaluate;
import static io.arrowmill.kernel.interpreted.Values.utc;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.DataTypes;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
  private static final Instant TIME = utc("2024-02-29T13:14:15.123456Z");

  @ParameterizedTest
  @CsvSource({
    "year, 2024",
    "quarter, 1",
    "month, 2",
    "day, 29",
    "dayofyear, 60",
    "dayofweek, 5",
    "weekday, 3",
    "weekofyear, 9"
  })
  void fieldsOfDates(String function, int expected) {
    check(function, expected, date("2024-02-29"));
    check(function, expected, TIME);
  }

  @Test
  void fieldsOfTimes() {
    check("hour", 13, TIME);
    check("minute", 14, TIME);
    check("second", 15, TIME);
    checkTyped("date_part", DataTypes.decimal(8, 6), dec("15.123456"), "SECONDS", TIME);
    check("extract", 2024, "year", TIME);
    check("extract", 2020, "YEAROFWEEK", date("2021-01-01"));
    checkFault("extract", DataTypes.INTEGER, "INVALID_EXTRACT_FIELD", "eon", TIME);
    assertThat(evaluate(call("hour", DataTypes.INTEGER, TIME), "Asia/Kolkata")).isEqualTo(18);
  }

  @Test
  void movesDates() {
    check("date_add", date("2024-03-01"), date("2024-02-28"), 2);
    check("date_sub", date("2024-02-28"), date("2024-03-01"), 2);
    check("datediff", -1, date("2024-02-28"), date("2024-02-29"));
    check("add_months", date("2024-02-29"), date("2024-01-31"), 1);
    check("add_months", date("2023-03-28"), date("2023-02-28"), 1);
    check("last_day", date("2023-02-28"), date("2023-02-01"));
    check("next_day", date("2015-01-20"), date("2015-01-14"), "TU");
    checkFault("next_day", DataTypes.DATE, "ILLEGAL_DAY_OF_WEEK", date("2015-01-14"), "xx");
    check("make_date", date("2024-02-29"), 2024, 2, 29);
    checkFault(
        "make_date", DataTypes.DATE, "DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION", 2023, 2, 29);
    checkNulls("date_add", DataTypes.DATE, date("2024-01-01"), 1);
    checkFault(
        "date_add", DataTypes.DATE, "ARITHMETIC_OVERFLOW", date("2024-01-01"), Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({
    "year, 2024-01-01",
    "QUARTER, 2024-04-01",
    "mm, 2024-05-01",
    "week, 2024-05-27",
    "day, "
  })
  void truncatesDates(String unit, String expected) {
    checkTyped(
        "trunc",
        DataTypes.DATE,
        expected == null ? null : date(expected),
        date("2024-05-31"),
        unit);
  }

  @ParameterizedTest
  @CsvSource({
    "YEAR, 2024-01-01T00:00:00Z", "week, 2024-02-26T00:00:00Z", "DD, 2024-02-29T00:00:00Z",
    "hour, 2024-02-29T13:00:00Z", "minute, 2024-02-29T13:14:00Z", "second, 2024-02-29T13:14:15Z",
    "millisecond, 2024-02-29T13:14:15.123Z", "microsecond, 2024-02-29T13:14:15.123456Z", "eon, "
  })
  void truncatesTimestamps(String unit, Instant expected) {
    checkTyped("date_trunc", DataTypes.TIMESTAMP, expected, unit, TIME);
  }

  @Test
  void truncatesInTheRepeatedHour() {
    // 2024-10-27 02:30 happens twice in Berlin: 00:30Z and 01:30Z.
    for (int hour = 0; hour < 2; hour++) {
      Instant time = Instant.parse("2024-10-27T0" + hour + ":30:00Z");
      assertThat(evaluate(call("date_trunc", DataTypes.TIMESTAMP, "HOUR", time), "Europe/Berlin"))
          .isEqualTo(Instant.parse("2024-10-27T0" + hour + ":00:00Z"));
    }
  }

  @Test
  void epochs() {
    check("unix_seconds", -1L, utc("1969-12-31T23:59:59.500Z"));
    check("unix_millis", -500L, utc("1969-12-31T23:59:59.500Z"));
    check("unix_micros", -500_000L, utc("1969-12-31T23:59:59.500Z"));
    check("timestamp_seconds", utc("2008-12-25T15:30:00.123Z"), dec("1230219000.123"));
    check("timestamp_millis", utc("2008-12-25T15:30:00.123Z"), 1_230_219_000_123L);
    check("timestamp_micros", utc("2008-12-25T15:30:00.123123Z"), 1_230_219_000_123_123L);
    check("unix_timestamp", 1_460_041_200L, "2016-04-07 15:00:00");
    check("unix_timestamp", 1_460_041_200L, "2016-04-07 15", "yyyy-MM-dd HH");
    check("unix_timestamp", Values.NOW.getEpochSecond());
    check("unix_timestamp", -1L, "1969-12-31 23:59:58.5", "yyyy-MM-dd HH:mm:ss.S");
    check("from_unixtime", "1970-01-01 00:00:00", 0L);
    check("from_unixtime", "1970", 0L, "yyyy");
    check("unix_date", 19_782, date("2024-02-29"));
  }

  @Test
  void formatsAndParses() {
    check("date_format", "29/02/24 01:14 PM", TIME, "dd/MM/yy hh:mm a");
    check("date_format", "Thu, February 29", TIME, "EEE, MMMM d");
    check("date_format", "13h 123", TIME, "HH'h' SSS");
    check("to_date", date("2016-12-31"), "2016-12-31");
    check("to_date", date("2016-12-31"), "31.12.2016", "dd.MM.yyyy");
    check("to_date", date("2016-12-01"), "2016-12", "yyyy-MM");
    check("to_date", date("2016-12-30"), "365 2016", "D yyyy");
    check("to_timestamp", utc("2016-12-31T00:12:00Z"), "2016-12-31 00:12:00");
    check("to_timestamp", utc("2016-12-31T00:00:00Z"), "2016-12-31", "yyyy-MM-dd");
    check(
        "to_timestamp",
        utc("2016-12-30T22:01:02.500Z"),
        "2016-12-31 00:01:02.5+02:00",
        "yyyy-MM-dd HH:mm:ss.SSSXXX");
    checkFault("to_date", DataTypes.DATE, "CANNOT_PARSE_TIMESTAMP", "x", "yyyy-MM-dd");
    checkFault("to_date", DataTypes.DATE, "CANNOT_PARSE_TIMESTAMP", "2023-02-29", "yyyy-MM-dd");
    checkTyped("try_to_timestamp", DataTypes.TIMESTAMP, null, "x", "yyyy-MM-dd");
    checkFault("date_format", DataTypes.STRING, "INVALID_DATETIME_PATTERN", TIME, "YYYY");
  }

  @Test
  void zonesAndMonths() {
    check(
        "from_utc_timestamp",
        utc("2016-08-31T09:00:00Z"),
        utc("2016-08-31T00:00:00Z"),
        "Asia/Seoul");
    check(
        "to_utc_timestamp", utc("2016-08-30T15:00:00Z"), utc("2016-08-31T00:00:00Z"), "Asia/Seoul");
    checkFault("to_utc_timestamp", DataTypes.TIMESTAMP, "INVALID_TIMEZONE", TIME, "Mars/Base");
    check("months_between", 3.94959677, utc("1997-02-28T10:30:00Z"), utc("1996-10-30T00:00:00Z"));
    check(
        "months_between",
        3.9495967741935485,
        utc("1997-02-28T10:30:00Z"),
        utc("1996-10-30T00:00:00Z"),
        false);
    check("months_between", 1.0, utc("2024-03-31T05:00:00Z"), utc("2024-02-29T00:00:00Z"));
    check("make_timestamp", utc("2014-12-28T06:30:45.887Z"), 2014, 12, 28, 6, 30, dec("45.887"));
    check(
        "make_timestamp",
        utc("2014-12-28T05:30:45.887Z"),
        2014,
        12,
        28,
        6,
        30,
        dec("45.887"),
        "CET");
    check("make_timestamp", utc("2019-07-01T00:00:00Z"), 2019, 6, 30, 23, 59, dec("60"));
    check(
        "window_time",
        utc("2024-01-01T00:09:59.999999Z"),
        Row.of(utc("2024-01-01T00:00:00Z"), utc("2024-01-01T00:10:00Z")));
    check("current_timestamp", Values.NOW);
    check("current_date", date("2024-05-06"));
  }
}
