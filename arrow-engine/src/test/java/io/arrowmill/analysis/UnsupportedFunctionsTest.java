package io.arrowmill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A function that is called unsupported is. */
final class UnsupportedFunctionsTest {
  @Test
  void noneCanBeCalled() {
    assertThat(FunctionRegistry.unsupportedNames())
        .isNotEmpty()
        .doesNotContainAnyElementsOf(FunctionRegistry.names());
  }
}
