package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TriggerTest {
  @Test
  void continuousMeansAtOnce() {
    assertThat(Trigger.Continuous("1 second")).isEqualTo(Trigger.ProcessingTime("0 seconds"));
    assertThat(Trigger.Continuous(Duration.ofMinutes(1)))
        .isEqualTo(Trigger.ProcessingTime(Duration.ZERO));
  }

  @Test
  void intervalsAreNotNegative() {
    assertThatThrownBy(() -> Trigger.Continuous(Duration.ofMillis(-1)))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith("[INVALID_TRIGGER_INTERVAL] ");
    assertThatThrownBy(() -> Trigger.ProcessingTime(Duration.ofMillis(-1)))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith("[INVALID_TRIGGER_INTERVAL] ");
  }
}
