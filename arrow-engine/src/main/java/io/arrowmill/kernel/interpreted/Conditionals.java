package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that choose between values, evaluating no more of them than needed. */
final class Conditionals {
  private Conditionals() {}

  static void register(FunctionTable table) {
    table.bound("if", (site, a) -> choose(a.get(0), a.get(1), a.get(2)));
    table.bound("when", (site, a) -> when(a));
    table.bound("coalesce ifnull nvl", (site, a) -> coalesce(a));
    table.bound("nvl2", (site, a) -> nvl2(a.get(0), a.get(1), a.get(2)));
    table.bound("nullif", (site, a) -> nullIf(a.get(0), a.get(1)));
    table.bound("nanvl", (site, a) -> nanvl(a.get(0), a.get(1)));
    table.strict1("nullifzero", (site, a) -> Numbers.toDouble(a) == 0 ? null : a);
    table.lenient("zeroifnull", (site, a) -> a[0] == null ? (Object) 0 : a[0]);
    table.lenient(
        "typeof", (site, a) -> site.argumentType(0).sql().toLowerCase(java.util.Locale.ROOT));
    table.lenient("raise_error", Conditionals::raise);
  }

  private static Evaluator choose(Evaluator condition, Evaluator then, Evaluator otherwise) {
    return row -> (Boolean.TRUE.equals(condition.evaluate(row)) ? then : otherwise).evaluate(row);
  }

  private static Evaluator when(List<Evaluator> arguments) {
    return row -> {
      int i = 0;
      for (; i + 1 < arguments.size(); i += 2) {
        if (Boolean.TRUE.equals(arguments.get(i).evaluate(row))) {
          return arguments.get(i + 1).evaluate(row);
        }
      }
      return i < arguments.size() ? arguments.get(i).evaluate(row) : null;
    };
  }

  private static Evaluator coalesce(List<Evaluator> arguments) {
    return row -> {
      for (Evaluator argument : arguments) {
        Object value = argument.evaluate(row);
        if (value != null) {
          return value;
        }
      }
      return null;
    };
  }

  private static Evaluator nvl2(Evaluator tested, Evaluator notNull, Evaluator otherwise) {
    return row -> (tested.evaluate(row) != null ? notNull : otherwise).evaluate(row);
  }

  private static Evaluator nullIf(Evaluator value, Evaluator unwanted) {
    return row -> {
      Object found = value.evaluate(row);
      Object other = found == null ? null : unwanted.evaluate(row);
      return found == null || (other != null && Ordering.compare(found, other) == 0) ? null : found;
    };
  }

  private static Evaluator nanvl(Evaluator value, Evaluator otherwise) {
    return row -> {
      Object found = value.evaluate(row);
      return found != null && Double.isNaN(Numbers.toDouble(found))
          ? otherwise.evaluate(row)
          : found;
    };
  }

  private static @Nullable Object raise(CallSite site, @Nullable Object[] arguments) {
    throw new ArrowmillException("USER_RAISED_EXCEPTION", String.valueOf(arguments[0]));
  }
}
