package io.arrowmill.kernel.interpreted;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.analysis.FunctionRegistry;
import org.junit.jupiter.api.Test;

class CoverageTest {
  @Test
  void evaluatesEveryScalarFunctionThatAnalysisLetsPass() {
    assertThat(FunctionRegistry.scalarNames())
        .contains("+", "date_trunc")
        .allMatch(Interpreter::supports);
  }
}
