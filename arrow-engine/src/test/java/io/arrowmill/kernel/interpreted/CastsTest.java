package io.arrowmill.kernel.interpreted;

import static io.arrowmill.kernel.interpreted.Values.checkBadCast;
import static io.arrowmill.kernel.interpreted.Values.checkCast;
import static io.arrowmill.kernel.interpreted.Values.date;
import static io.arrowmill.kernel.interpreted.Values.dec;
import static io.arrowmill.kernel.interpreted.Values.utc;

import io.arrowmill.Row;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CastsTest {
  @Test
  void stringsToNumbers() {
    checkCast(" \t12\n", "int", 12);
    checkCast("+0012", "bigint", 12L);
    checkCast("-128", "tinyint", (byte) -128);
    checkCast("1e3", "double", 1000.0);
    checkCast(" -Infinity ", "double", Double.NEGATIVE_INFINITY);
    checkCast("inf", "float", Float.POSITIVE_INFINITY);
    checkCast("nan", "double", Double.NaN);
    checkCast("1.255", "decimal(5,2)", dec("1.26"));
    checkCast("-1.255", "decimal(5,2)", dec("-1.26"));
    checkCast("1E2", "decimal(5,2)", dec("100.00"));
    for (String bad : new String[] {"", "a", "1.5", "0x10", "1 2", "128"}) {
      checkBadCast(bad, "tinyint", "CAST_INVALID_INPUT");
    }
    checkBadCast("9223372036854775808", "bigint", "CAST_INVALID_INPUT");
    checkBadCast("1,5", "double", "CAST_INVALID_INPUT");
    checkBadCast("x", "decimal(5,2)", "CAST_INVALID_INPUT");
    checkBadCast("1000", "decimal(5,2)", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
  }

  @Test
  void numbersToNumbers() {
    checkCast(1, "bigint", 1L);
    checkCast(-1.9, "int", -1);
    checkCast(dec("2.9"), "int", 2);
    checkCast(2147483647.9, "int", Integer.MAX_VALUE);
    checkCast(1.1f, "double", (double) 1.1f);
    checkCast(16_777_217, "float", 16_777_216f);
    checkCast(1.005, "decimal(5,2)", dec("1.01"));
    checkCast(true, "int", 1);
    checkCast(0.0, "boolean", false);
    checkCast(dec("0.1"), "boolean", true);
    checkBadCast(300, "tinyint", "CAST_OVERFLOW");
    checkBadCast(2147483648.0, "int", "CAST_OVERFLOW");
    checkBadCast(Double.NaN, "bigint", "CAST_OVERFLOW");
    checkBadCast(dec("99999999999999999999"), "bigint", "CAST_OVERFLOW");
    checkBadCast(1000, "decimal(3,1)", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
  }

  @Test
  void toStrings() {
    checkCast(1.0, "string", "1.0");
    checkCast(1e7, "string", "1.0E7");
    checkCast(0.1f, "string", "0.1");
    checkCast(-0.0, "string", "-0.0");
    checkCast(Double.NaN, "string", "NaN");
    checkCast(Double.NEGATIVE_INFINITY, "string", "-Infinity");
    checkCast(dec("0.0000001"), "string", "0.0000001");
    checkCast(new byte[] {97, 98}, "string", "ab");
    checkCast("ab", "binary", new byte[] {97, 98});
    checkCast(date("2024-01-02"), "string", "2024-01-02");
    checkCast(utc("2024-01-02T03:04:05.600Z"), "string", "2024-01-02 03:04:05.6");
    checkCast(utc("2024-01-02T00:00:00Z"), "string", "2024-01-02 05:30:00", "Asia/Kolkata");
    checkCast(Arrays.asList(1, null), "string", "[1, null]");
    checkCast(Row.of("a", true), "string", "{a, true}");
    checkCast(Map.of(1, "x"), "string", "{1 -> x}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "TRUE", "y", "yes", " 1 "})
  void trueStrings(String text) {
    checkCast(text, "boolean", true);
  }

  @Test
  void falseStrings() {
    checkCast("no", "boolean", false);
    checkBadCast("2", "boolean", "CAST_INVALID_INPUT");
  }

  @ParameterizedTest
  @CsvSource({
    "2024, 2024-01-01", "2024-3, 2024-03-01", "2024-3-1, 2024-03-01",
    "2024-03-01T10:00, 2024-03-01", "' 2024-03-01 ', 2024-03-01", "0001-01-01, 0001-01-01"
  })
  void stringsToDates(String text, String expected) {
    checkCast(text, "date", date(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2024-13-01", "2023-02-29", "24-01-01", "2024/01/01", "2024-01-01x"})
  void badDates(String text) {
    checkBadCast(text, "date", "CAST_INVALID_INPUT");
  }

  @ParameterizedTest
  @CsvSource({
    "2024, 2023-12-31T23:00:00Z",
    "2024-07-01, 2024-06-30T22:00:00Z",
    "2024-07-01 12, 2024-07-01T10:00:00Z",
    "2024-07-01 1:2, 2024-06-30T23:02:00Z",
    "2024-07-01T10:11:12.1234567, 2024-07-01T08:11:12.123456Z",
    "2024-07-01 10:11:12Z, 2024-07-01T10:11:12Z",
    "2024-07-01 10:11:12+05:30, 2024-07-01T04:41:12Z",
    "2024-07-01 10:11:12 -5:00, 2024-07-01T15:11:12Z",
    "2024-07-01 10:11:12 UTC+1, 2024-07-01T09:11:12Z",
    "2024-07-01 10:11:12 America/New_York, 2024-07-01T14:11:12Z",
    "T10:00, 2024-05-06T08:00:00Z",
  })
  void stringsToTimestamps(String text, String expected) {
    checkCast(text, "timestamp", utc(expected), "Europe/Berlin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "2024-07-01 25:00:00",
        "2024-07-01 10:61",
        "2024-07-01 10:",
        "2024-07-01 10:11Z",
        "2024-07-01 1:2 Mars"
      })
  void badTimestamps(String text) {
    checkBadCast(text, "timestamp", "CAST_INVALID_INPUT");
  }

  @Test
  void times() {
    checkCast(date("2024-07-01"), "timestamp", utc("2024-06-30T22:00:00Z"), "Europe/Berlin");
    checkCast(utc("2024-06-30T22:00:00Z"), "date", date("2024-07-01"), "Europe/Berlin");
    checkCast(
        utc("2024-06-30T22:00:00Z"),
        "timestamp_ntz",
        LocalDateTime.parse("2024-07-01T00:00:00"),
        "Europe/Berlin");
    checkCast(
        LocalDateTime.parse("2024-07-01T00:00:00"),
        "timestamp",
        utc("2024-06-30T22:00:00Z"),
        "Europe/Berlin");
    checkCast(utc("1969-12-31T23:59:59.5Z"), "bigint", -1L);
    checkCast(utc("1969-12-31T23:59:59.5Z"), "double", -0.5);
    checkCast(utc("1970-01-01T00:00:01.25Z"), "decimal(10,2)", dec("1.25"));
    checkCast(1.5, "timestamp", utc("1970-01-01T00:00:01.500Z"));
    checkCast(-1L, "timestamp", utc("1969-12-31T23:59:59Z"));
    checkBadCast(utc("2100-01-01T00:00:00Z"), "int", "CAST_OVERFLOW");
    checkCast(Long.MAX_VALUE, "timestamp", utc("+294247-01-10T04:00:54.775807Z"));
  }

  @Test
  void intervals() {
    checkCast(
        "INTERVAL '-1 02:03:04.5' DAY TO SECOND",
        "interval day to second",
        Duration.ofDays(-1).minusHours(2).minusMinutes(3).minusMillis(4_500));
    checkCast("1-2", "interval year to month", Period.of(1, 2, 0));
    checkCast(Period.ofMonths(14), "int", 14);
  }

  @Test
  void nestedValues() {
    checkCast(List.of("1", "2"), "array<int>", List.of(1, 2));
    checkCast(Map.of("1", 2), "map<int,string>", Map.of(1, "2"));
    checkCast(Row.of("1", 2), "struct<a:int,b:string>", Row.of(1, "2"));
    checkCast(null, "int", null);
  }
}
