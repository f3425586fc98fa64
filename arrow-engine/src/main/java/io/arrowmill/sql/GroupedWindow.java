package io.arrowmill.sql;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.types.DataType.AtomicType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The window that a query groups by, which the rest of the query can call by its function's name:
 * {@code SELECT window.start ... GROUP BY window(ts, '5 minutes')}.
 *
 * @param call the call in GROUP BY, or null if there is none
 */
record GroupedWindow(@Nullable UnresolvedFunction call) {
  static final Set<String> NAMES = Set.of("window", "session_window");
  static final GroupedWindow NONE = new GroupedWindow(null);

  /** A select item with the window in place of its name; a field of it keeps its own name. */
  Expression column(Expression item) {
    Expression computed = in(item);
    return item instanceof UnresolvedAttribute(List<String> parts)
            && parts.size() > 1
            && !computed.equals(item)
        ? Alias.of(computed, parts.getLast())
        : computed;
  }

  /** An expression with the window in place of its name. */
  Expression in(Expression expression) {
    UnresolvedFunction window = call;
    return window == null ? expression : replaced(expression, window);
  }

  /** The window's own call stays as it is: a name in it means a column of the input. */
  private static Expression replaced(Expression node, UnresolvedFunction window) {
    if (node.equals(window)) {
      return node;
    }
    if (!node.children().isEmpty()) {
      return node.withChildren(
          node.children().stream().map(child -> replaced(child, window)).toList());
    }
    if (!(node instanceof UnresolvedAttribute(List<String> parts))
        || parts.size() > 2
        || !parts.getFirst().equalsIgnoreCase(window.name())) {
      return node;
    }
    return parts.size() == 1
        ? window
        : UnresolvedFunction.of("getitem", window, new Literal(parts.getLast(), AtomicType.STRING));
  }
}
