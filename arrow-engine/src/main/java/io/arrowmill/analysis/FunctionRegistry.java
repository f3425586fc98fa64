package io.arrowmill.analysis;

import io.arrowmill.AnalysisException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The functions there are. Names are lower case; aliases lead to the canonical name. */
public final class FunctionRegistry {
  private static final Map<String, Definition> BY_NAME = index();

  private FunctionRegistry() {}

  private static Map<String, Definition> index() {
    List<Definition> all = new ArrayList<>();
    all.addAll(ArithmeticFunctions.all());
    all.addAll(PredicateFunctions.all());
    all.addAll(StringFunctions.all());
    all.addAll(TimeFunctions.all());
    all.addAll(CollectionFunctions.all());
    all.addAll(AggregateFunctions.all());
    all.addAll(GroupingSets.functions());
    all.addAll(WindowFunctions.all());
    Map<String, Definition> index = new HashMap<>();
    for (Definition definition : all) {
      for (String name : definition.names()) {
        if (index.put(name, definition) != null) {
          throw new IllegalStateException("function must be registered once: name=" + name);
        }
      }
    }
    return index;
  }

  /**
   * The canonical names that a {@link io.arrowmill.plan.Expression.Call} may have after analysis.
   */
  public static Set<String> scalarNames() {
    Set<String> names = new TreeSet<>();
    for (Definition definition : BY_NAME.values()) {
      if (definition.kind() == Definition.Kind.SCALAR) {
        names.add(definition.name());
      }
    }
    return names;
  }

  /** The canonical names that an {@link io.arrowmill.plan.Expression.AggregateCall} may have. */
  public static Set<String> aggregateNames() {
    Set<String> names = new TreeSet<>();
    for (Definition definition : BY_NAME.values()) {
      if (definition.kind() == Definition.Kind.AGGREGATE) {
        names.add(definition.name());
      }
    }
    return names;
  }

  /** Every name that a query can call. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>(BY_NAME.keySet());
    names.addAll(Generators.NAMES);
    names.add("window");
    names.add("window_time");
    names.add(SessionWindows.NAME);
    return names;
  }

  /** Every name that Spark 4.2 has a function by, but a query cannot call. */
  public static Set<String> unsupportedNames() {
    return UnsupportedFunctions.NAMES;
  }

  /** Whether a name, in lower case, is that of an aggregate function. */
  public static boolean isAggregate(String name) {
    Definition definition = BY_NAME.get(name);
    return definition != null && definition.kind() == Definition.Kind.AGGREGATE;
  }

  static @Nullable Definition find(String name) {
    return BY_NAME.get(name);
  }

  static AnalysisException unknown(String name) {
    if (UnsupportedFunctions.NAMES.contains(name)) {
      return Errors.of(
          "UNSUPPORTED_FUNCTION",
          "function must be one that Arrowmill runs: name="
              + name
              + "; it is a Spark function that is not supported yet");
    }
    return Errors.of(
        "UNRESOLVED_ROUTINE",
        "function must exist: name="
            + name
            + ", closest="
            + Errors.closest(name, names())
            + "; use one of the closest names");
  }
}
