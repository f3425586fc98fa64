package io.arrowmill.kernel.interpreted;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions by name. A name is one or several separated by spaces, all for the same function. */
final class FunctionTable {
  /** Makes the evaluator of one call; decides itself which arguments it evaluates, and when. */
  @FunctionalInterface
  interface Binder {
    Evaluator bind(CallSite site, List<Evaluator> arguments);
  }

  /** A function of its arguments' values. */
  @FunctionalInterface
  interface Body {
    @Nullable Object apply(CallSite site, Object[] arguments);
  }

  /** A function of one value. */
  @FunctionalInterface
  interface Unary {
    @Nullable Object apply(CallSite site, Object a);
  }

  /** A function of two values. */
  @FunctionalInterface
  interface Binary {
    @Nullable Object apply(CallSite site, Object a, Object b);
  }

  private final Map<String, Binder> binders = new HashMap<>();

  /** Registers a function that chooses what to evaluate. */
  void bound(String names, Binder binder) {
    for (String name : names.split(" ", -1)) {
      if (binders.put(name, binder) != null) {
        throw new IllegalStateException("a function must be registered once: name=" + name);
      }
    }
  }

  /** Registers a function that is NULL if an argument is; it never sees null. */
  void strict(String names, Body body) {
    bound(names, (site, arguments) -> strict(site, arguments, body));
  }

  /** Registers a function of one argument that is NULL if that is. */
  void strict1(String names, Unary body) {
    strict(names, (site, a) -> body.apply(site, a[0]));
  }

  /** Registers a function of two arguments that is NULL if one of them is. */
  void strict2(String names, Binary body) {
    strict(names, (site, a) -> body.apply(site, a[0], a[1]));
  }

  /** Registers a function that sees null arguments. */
  void lenient(String names, Body body) {
    bound(
        names,
        (site, arguments) ->
            row -> {
              Object[] values = new Object[arguments.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = nullUnchecked(arguments.get(i).evaluate(row));
              }
              return body.apply(site, values);
            });
  }

  /** The evaluator of a call that is NULL if an argument is. */
  static Evaluator strict(CallSite site, List<Evaluator> arguments, Body body) {
    Evaluator[] evaluators = arguments.toArray(Evaluator[]::new);
    return row -> {
      Object[] values = new Object[evaluators.length];
      for (int i = 0; i < values.length; i++) {
        Object value = evaluators[i].evaluate(row);
        if (value == null) {
          return null;
        }
        values[i] = value;
      }
      return body.apply(site, values);
    };
  }

  /**
   * The value under a type that the checker takes for non-null: for arrays whose elements may be
   * null.
   */
  @SuppressWarnings("NullAway") // element nullness of arrays is the reader's business
  private static Object nullUnchecked(@Nullable Object value) {
    return value;
  }

  @Nullable Binder get(String name) {
    return binders.get(name);
  }

  boolean contains(String name) {
    return binders.containsKey(name);
  }

  Iterable<String> names() {
    return binders.keySet();
  }
}
