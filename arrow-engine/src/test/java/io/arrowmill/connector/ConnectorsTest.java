package io.arrowmill.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import org.junit.jupiter.api.Test;

final class ConnectorsTest {

  @Test
  void listsTheKnownFormatsWhenOneIsUnknown() {
    Connectors connectors = Connectors.load();

    assertThatThrownBy(() -> connectors.source("carrier-pigeon"))
        .isInstanceOfSatisfying(
            AnalysisException.class,
            e -> assertThat(e.condition()).isEqualTo("DATA_SOURCE_NOT_FOUND"))
        .hasMessageContaining("format=carrier-pigeon, known=" + connectors.sourceFormats());
  }
}
