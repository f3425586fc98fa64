package io.arrowmill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.kernel.interpreted.Interpreter;
import org.junit.jupiter.api.Test;

/** Analysis accepts no function that can't be evaluated. */
final class InterpreterKnowsFunctionsTest {
  @Test
  void everyScalarFunctionIsInterpreted() {
    assertThat(FunctionRegistry.scalarNames()).isNotEmpty().allMatch(Interpreter::supports);
  }
}
