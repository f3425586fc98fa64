package io.arrowmill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  @Test
  void alignsRightAndTruncates() {
    StructType schema = StructType.fromDDL("id int, value string");
    List<Row> rows =
        List.of(Row.of(1, "abcdefghijklmnopqrst"), Row.of(null, "abcdefghijklmnopqrstu"));
    assertThat(ResultTable.format(rows, schema, 20))
        .isEqualTo(
            """
            +----+--------------------+
            |  id|               value|
            +----+--------------------+
            |   1|abcdefghijklmnopqrst|
            |NULL|abcdefghijklmnopq...|
            +----+--------------------+
            """);
  }

  @Test
  void alignsLeftWithoutTruncation() {
    StructType schema = StructType.fromDDL("v string");
    assertThat(ResultTable.format(List.of(Row.of("a"), Row.of("bcde\nf")), schema, 0))
        .isEqualTo(
            """
            +-------+
            |v      |
            +-------+
            |a      |
            |bcde\\nf|
            +-------+
            """);
  }

  @Test
  void showsHeaderOfNoRows() {
    assertThat(ResultTable.format(List.of(), StructType.fromDDL("a int"), 20))
        .isEqualTo("+---+\n|  a|\n+---+\n+---+\n");
  }

  @Test
  void writesNestedValues() {
    assertThat(ValueText.cast(Arrays.asList(1, null), ZoneOffset.UTC)).isEqualTo("[1, null]");
    assertThat(ValueText.show(Arrays.asList(1, null), ZoneOffset.UTC)).isEqualTo("[1, NULL]");
    assertThat(ValueText.cast(Map.of("k", List.of(1.0)), ZoneOffset.UTC)).isEqualTo("{k -> [1.0]}");
    assertThat(ValueText.cast(Row.of("a", 1), ZoneOffset.UTC)).isEqualTo("{a, 1}");
    assertThat(ValueText.show(new byte[] {74, 95}, ZoneOffset.UTC)).isEqualTo("[4A 5F]");
    assertThat(ValueText.cast(new byte[] {74, 95}, ZoneOffset.UTC)).isEqualTo("J_");
  }

  @Test
  void writesNumbersAndTimes() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    assertThat(ValueText.cast(Instant.parse("2024-07-01T22:30:00.120Z"), berlin))
        .isEqualTo("2024-07-02 00:30:00.12");
    assertThat(ValueText.cast(LocalDateTime.of(2024, 1, 2, 3, 4), berlin))
        .isEqualTo("2024-01-02 03:04:00");
    assertThat(ValueText.cast(LocalDate.of(12, 1, 2), berlin)).isEqualTo("0012-01-02");
    assertThat(ValueText.cast(new BigDecimal("1E+3"), berlin)).isEqualTo("1000");
    assertThat(ValueText.cast(1e10, berlin)).isEqualTo("1.0E10");
    assertThat(ValueText.cast(Duration.ofMillis(-93_784_500), berlin))
        .isEqualTo("INTERVAL '-1 02:03:04.5' DAY TO SECOND");
    assertThat(ValueText.cast(Period.ofMonths(-14), berlin))
        .isEqualTo("INTERVAL '-1-2' YEAR TO MONTH");
  }
}
