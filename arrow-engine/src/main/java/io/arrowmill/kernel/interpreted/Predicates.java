package io.arrowmill.kernel.interpreted;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comparisons and three-valued logic. */
final class Predicates {
  private Predicates() {}

  static void register(FunctionTable table) {
    table.strict2("= ==", (site, a, b) -> Ordering.compare(a, b) == 0);
    table.strict2("!= <>", (site, a, b) -> Ordering.compare(a, b) != 0);
    table.strict2("<", (site, a, b) -> Ordering.compare(a, b) < 0);
    table.strict2("<=", (site, a, b) -> Ordering.compare(a, b) <= 0);
    table.strict2(">", (site, a, b) -> Ordering.compare(a, b) > 0);
    table.strict2(">=", (site, a, b) -> Ordering.compare(a, b) >= 0);
    table.lenient("<=> equal_null", (site, a) -> Ordering.same(a[0], a[1]));
    table.strict1("not !", (site, a) -> !(Boolean) a);
    table.bound("and", (site, arguments) -> firstOf(false, arguments));
    table.bound("or", (site, arguments) -> firstOf(true, arguments));
    table.lenient("isnull", (site, a) -> a[0] == null);
    table.lenient("isnotnull", (site, a) -> a[0] != null);
    table.lenient("isnan", (site, a) -> a[0] != null && Double.isNaN(Numbers.toDouble(a[0])));
    table.bound("in", (site, arguments) -> in(arguments));
    table.strict(
        "between",
        (site, a) -> Ordering.compare(a[0], a[1]) >= 0 && Ordering.compare(a[0], a[2]) <= 0);
  }

  /**
   * The value that decides the operator if an operand has it, else NULL if one is NULL, else the
   * other value.
   */
  private static Evaluator firstOf(boolean decisive, List<Evaluator> operands) {
    return row -> {
      boolean unknown = false;
      for (Evaluator operand : operands) {
        Object value = operand.evaluate(row);
        if (value == null) {
          unknown = true;
        } else if ((Boolean) value == decisive) {
          return decisive;
        }
      }
      return unknown ? null : (Boolean) !decisive;
    };
  }

  private static Evaluator in(List<Evaluator> arguments) {
    return row -> {
      Object value = arguments.getFirst().evaluate(row);
      if (value == null) {
        return null;
      }
      @Nullable Boolean found = false;
      for (Evaluator candidate : arguments.subList(1, arguments.size())) {
        Object other = candidate.evaluate(row);
        if (other == null) {
          found = null;
        } else if (Ordering.compare(value, other) == 0) {
          return true;
        }
      }
      return found;
    };
  }
}
