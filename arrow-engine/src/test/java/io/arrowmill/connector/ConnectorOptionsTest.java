package io.arrowmill.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectorOptionsTest {

  @Test
  void readsNamesWithoutRegardToCase() {
    ConnectorOptions options = options(Map.of("RowsPerSecond", " 42 ", "TRUNCATE", "False"));

    assertThat(options.intValue("rowspersecond", 1, 0, 100)).isEqualTo(42);
    assertThat(options.booleanValue("truncate", true)).isFalse();
    assertThat(options.required("rowsPerSecond")).isEqualTo(" 42 ");
  }

  @Test
  void givesTheDefaultWhereNothingWasSaid() {
    ConnectorOptions options = options(Map.of());

    assertThat(options.intValue("a", 7, 0, 10)).isEqualTo(7);
    assertThat(options.longValue("a", Long.MAX_VALUE, 0, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(options.booleanValue("a", true)).isTrue();
    assertThat(options.duration("a", Duration.ofDays(1))).isEqualTo(Duration.ofDays(1));
    assertThat(options.text("a")).isNull();
    assertThat(options.text("a", "b")).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "5, PT5S",
    "500ms, PT0.5S",
    "5s, PT5S",
    "1.5 seconds, PT1.5S",
    "2 Minutes, PT2M",
    "3h, PT3H",
    "1 day, PT24H",
    "7us, PT0.000007S",
  })
  void readsDurations(String text, Duration expected) {
    assertThat(options(Map.of("d", text)).duration("d", Duration.ZERO)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1s", "fast", "1 fortnight", "9999999999999999d", "1e3s", "0.1ns"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> options(Map.of("d", text)).duration("d", Duration.ZERO))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("format=rate, option=d, value=" + text + ", expected=a duration");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "0", "101", "9223372036854775808", "1.0"})
  void refusesNumbersOutOfRange(String text) {
    assertThatThrownBy(() -> options(Map.of("n", text)).intValue("n", 1, 1, 100))
        .hasMessage(
            "[INVALID_OPTION] option must be valid: format=rate, option=n, value="
                + text
                + ", expected=a whole number from 1 to 100");
  }

  @Test
  void refusesBooleansThatAreNone() {
    assertThatThrownBy(() -> options(Map.of("b", "yes")).booleanValue("b", true))
        .hasMessageContaining("option=b, value=yes, expected=true or false");
  }

  @Test
  void namesARequiredOptionThatIsMissing() {
    assertThatThrownBy(() -> options(Map.of()).required("host"))
        .isInstanceOfSatisfying(
            AnalysisException.class, e -> assertThat(e.condition()).isEqualTo("OPTION_REQUIRED"))
        .hasMessageContaining("format=rate, option=host");
  }

  @Test
  void offersTheClosestNamesForAnUnknownOption() {
    Set<String> known = Set.of("rowsPerSecond", "rampUpTime", "numPartitions", "path");

    options(Map.of("ROWSPERSECOND", "1")).rejectUnknown(known);
    assertThatThrownBy(() -> options(Map.of("rowPerSeconds", "1")).rejectUnknown(known))
        .isInstanceOfSatisfying(
            AnalysisException.class, e -> assertThat(e.condition()).isEqualTo("UNKNOWN_OPTION"))
        .hasMessageContaining(
            "option=rowPerSeconds; the closest of its options are [rowsPerSecond, ");
    assertThatThrownBy(() -> options(Map.of("x", "1")).rejectUnknown(Set.of()))
        .hasMessageContaining("the format has no options");
  }

  private static ConnectorOptions options(Map<String, String> values) {
    return ConnectorOptions.of(new SourceSpec("rate", null, values));
  }
}
