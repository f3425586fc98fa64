package io.arrowmill.kernel.interpreted;

import org.jspecify.annotations.Nullable;

/** An expression bound to the columns of its input. */
@FunctionalInterface
interface Evaluator {
  /** The value for {@code row}; null for SQL NULL. */
  @Nullable Object evaluate(RowView row);
}
