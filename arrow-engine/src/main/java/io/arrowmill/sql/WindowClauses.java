package io.arrowmill.sql;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.plan.WindowFrame;
import io.arrowmill.plan.WindowFrame.Bound;
import io.arrowmill.plan.WindowFrame.Edge;
import io.arrowmill.plan.WindowFrame.Offset;
import io.arrowmill.plan.WindowFrame.Unit;
import io.arrowmill.sql.grammar.SqlGrammarParser.FrameBoundContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NamedWindowContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.WindowFrameContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.WindowSpecContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns {@code OVER (...)} into windows, and knows those that a {@code WINDOW} clause names. */
final class WindowClauses {
  static final WindowClauses NONE = new WindowClauses();

  /** The clauses by their names in lower case. */
  private final Map<String, NamedWindowContext> named = new HashMap<>();

  private WindowClauses() {}

  /** The windows of a {@code WINDOW} clause. */
  static WindowClauses of(List<NamedWindowContext> clauses) {
    WindowClauses windows = new WindowClauses();
    for (NamedWindowContext clause : clauses) {
      String name = folded(Names.of(clause.identifier()));
      if (windows.named.put(name, clause) != null) {
        throw SyntaxErrors.at(
            clause,
            "INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION",
            "a window must be defined once: name=" + name);
      }
    }
    return windows;
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The window that a clause says or names. */
  WindowDefinition definition(WindowSpecContext context, ExpressionBuilder expressions) {
    WindowSpecContext spec = context;
    for (int hops = 0; spec.reference != null; hops++) {
      NamedWindowContext found = named.get(folded(Names.of(spec.reference)));
      if (found == null || hops > named.size()) {
        throw SyntaxErrors.at(
            spec,
            "MISSING_WINDOW_SPECIFICATION",
            "window must be defined in the WINDOW clause: name="
                + Names.of(spec.reference)
                + ", defined="
                + named.keySet().stream().sorted().toList());
      }
      spec = found.windowSpec();
    }
    List<Expression> partitions = expressions.expressions(spec.partitions);
    List<SortOrder> orders =
        spec.sortItem().stream()
            .map(item -> expressions.sortOrder(item, expressions.expression(item.expression())))
            .toList();
    WindowFrameContext frame = spec.windowFrame();
    return new WindowDefinition(
        partitions, orders, frame == null ? null : frame(frame, expressions));
  }

  private static WindowFrame frame(WindowFrameContext context, ExpressionBuilder expressions) {
    return new WindowFrame(
        context.ROWS() != null ? Unit.ROWS : Unit.RANGE,
        bound(context.lower, expressions),
        context.upper == null ? Edge.CURRENT_ROW : bound(context.upper, expressions));
  }

  private static Bound bound(FrameBoundContext context, ExpressionBuilder expressions) {
    if (context.CURRENT() != null) {
      return Edge.CURRENT_ROW;
    }
    boolean preceding = context.PRECEDING() != null;
    if (context.UNBOUNDED() != null) {
      return preceding ? Edge.UNBOUNDED_PRECEDING : Edge.UNBOUNDED_FOLLOWING;
    }
    return new Offset(expressions.value(context.valueExpression()), preceding);
  }
}
