package io.arrowmill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.TimeSpans.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeSpansTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10 minutes                | 600000000
          1 hour 30 seconds         | 3630000000
          interval 5 seconds        | 5000000
          Interval 1 DAY            | 86400000000
          1.5 seconds               | 1500000
          0.000001 second           | 1
          -2 weeks                  | -1209600000000
          1 day -1 hour             | 82800000000
          3 milliseconds            | 3000
          7 microseconds            | 7
          5seconds                  | 5000000
          """)
  void addsUpNumbersWithUnits(String text, long micros) {
    assertThat(TimeSpans.parse(text)).isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "interval",
        "10",
        "minutes",
        "10 parsecs",
        "1 month",
        "2 years",
        "1.5 minutes",
        "0.0000001 seconds",
        "10 minutes and",
        "9223372036854775807 seconds"
      })
  void refusesWhatIsNoFixedLength(String text) {
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> TimeSpans.parse(text))
        .withMessageContaining("text='" + text + "'")
        .extracting(AnalysisException::condition)
        .isEqualTo("CANNOT_PARSE_INTERVAL");
  }

  @Test
  void keepsMonthsApart() {
    assertThat(TimeSpans.parseSpan("1 year 2 months 3 days"))
        .isEqualTo(new Span(14, 3 * 86_400_000_000L));
  }

  @Test
  void refusesZeroWhereALengthIsWanted() {
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> TimeSpans.parsePositive("0 seconds", "window length"))
        .withMessageContaining("window length must be above zero");
  }
}
