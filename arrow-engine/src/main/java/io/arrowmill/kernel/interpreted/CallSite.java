package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ValueText;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.types.DataType;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What the evaluation of a node knows beside its operands' values.
 *
 * @param expression the node
 * @param zone the session's time zone
 * @param now the time that {@code current_timestamp} gives
 */
record CallSite(Expression expression, ZoneId zone, Instant now) {
  private static final Set<String> ROUNDING = Set.of("round", "bround", "ceil", "floor");

  DataType type() {
    return expression.type();
  }

  DataType argumentType(int index) {
    return expression.children().get(index).type();
  }

  /**
   * A failure of the data: what must hold, in which expression, for which values, and what to do
   * about it.
   */
  ArrowmillException fault(
      String condition, String rule, String remedy, @Nullable Object... values) {
    StringJoiner found = new StringJoiner(", ", "[", "]");
    for (Object value : values) {
      found.add(ValueText.show(value, zone));
    }
    return new ArrowmillException(
        condition,
        rule
            + ": expression="
            + expression.sql()
            + ", values="
            + found
            + ", type="
            + type().sql()
            + "; "
            + remedy);
  }

  /** Whether the node is a call that rounds its argument. */
  boolean rounds() {
    return expression instanceof Call call && ROUNDING.contains(call.name());
  }

  /** Two values of 8 or 16 bits whose sum, difference or product needs more. */
  ArrowmillException binaryOverflow(Object a, Object b) {
    return fault(
        "BINARY_ARITHMETIC_OVERFLOW",
        "result must fit its type",
        "cast the operands to a wider type, or use the try_ function to get NULL instead",
        a,
        b);
  }

  ArrowmillException overflow(@Nullable Object... values) {
    return fault(
        "ARITHMETIC_OVERFLOW",
        "result must fit its type",
        "cast the operands to a wider type, or use the try_ function to get NULL instead",
        values);
  }

  ArrowmillException divideByZero(@Nullable Object... values) {
    return fault(
        "DIVIDE_BY_ZERO",
        "divisor must not be zero",
        "use try_divide or try_mod to get NULL instead",
        values);
  }

  ArrowmillException invalidParameter(String rule, @Nullable Object... values) {
    return fault("INVALID_PARAMETER_VALUE", rule, "pass a value that is allowed", values);
  }
}
