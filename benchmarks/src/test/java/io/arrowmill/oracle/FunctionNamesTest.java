package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.analysis.FunctionRegistry;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each function of Spark can be called, or is known to be unsupported. */
final class FunctionNamesTest {
  /** Syntax here, a function too in Spark. */
  private static final String CAST = "cast";

  @Test
  void areThoseOfSparkThatCannotBeCalled() {
    Set<String> missing = new TreeSet<>(SparkFunctions.names());
    missing.removeAll(FunctionRegistry.names());
    missing.remove(CAST);
    assertThat(FunctionRegistry.unsupportedNames()).containsExactlyInAnyOrderElementsOf(missing);
  }
}
