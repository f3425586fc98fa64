package io.arrowmill.optimize;

import io.arrowmill.analysis.Canonical;
import io.arrowmill.plan.Expression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conditions in order, each once; names do not tell them apart. Not thread-safe. */
final class ConditionSet {
  private final Map<Expression, Expression> byMeaning = new LinkedHashMap<>();

  static ConditionSet of(Iterable<? extends Expression> conditions) {
    ConditionSet all = new ConditionSet();
    all.addAll(conditions);
    return all;
  }

  void add(Expression condition) {
    byMeaning.putIfAbsent(Canonical.of(condition), condition);
  }

  void addAll(Iterable<? extends Expression> conditions) {
    conditions.forEach(this::add);
  }

  boolean contains(Expression condition) {
    return byMeaning.containsKey(Canonical.of(condition));
  }

  /** Keeps what the other set has too. */
  void retainAll(ConditionSet other) {
    byMeaning.keySet().retainAll(other.byMeaning.keySet());
  }

  /** The conditions as they are now. */
  List<Expression> list() {
    return List.copyOf(byMeaning.values());
  }
}
