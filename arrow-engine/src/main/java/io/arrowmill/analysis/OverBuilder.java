package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.OverWindow;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.plan.WindowFrame;
import io.arrowmill.plan.WindowFrame.Bound;
import io.arrowmill.plan.WindowFrame.Limit;
import io.arrowmill.plan.WindowFrame.Offset;
import io.arrowmill.plan.WindowFrame.Unit;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Brings a selection with functions over windows into the form of analyzed plans: a projection
 * below for what they take, an {@link OverWindow} for each partitioning and order, and the
 * selection above, in which columns stand for them. Functions inside others come first. Used once.
 *
 * <pre>
 * SELECT rank() OVER (PARTITION BY upper(k) ORDER BY v) + 1 AS r FROM t
 *
 * Project(_w1 + 1 AS r)
 *   OverWindow(rank() OVER (PARTITION BY _w0 ORDER BY v) AS _w1)
 *     Project(*, upper(k) AS _w0)
 * </pre>
 */
final class OverBuilder {
  private LogicalPlan input;
  private final List<Alias> computed = new ArrayList<>();

  private OverBuilder(LogicalPlan input) {
    this.input = input;
  }

  /** The selection of resolved, named columns, some of which hold functions over windows. */
  static LogicalPlan build(List<Expression> columns, LogicalPlan child) {
    OverBuilder builder = new OverBuilder(child);
    List<Expression> rest = columns;
    while (rest.stream().anyMatch(OverCalls::isIn)) {
      rest = builder.replaceInnermost(rest);
    }
    return Projections.of(rest, builder.input);
  }

  private List<Expression> replaceInnermost(List<Expression> columns) {
    Map<Expression, Attribute> known = new HashMap<>();
    Map<WindowDefinition, List<Alias>> calls = new LinkedHashMap<>();
    List<Expression> replaced =
        columns.stream().map(column -> replace(column, known, calls)).toList();
    project();
    calls.forEach((window, of) -> input = new OverWindow(of, input));
    return replaced;
  }

  private Expression replace(
      Expression expression,
      Map<Expression, Attribute> known,
      Map<WindowDefinition, List<Alias>> calls) {
    boolean innermost =
        expression instanceof Over && expression.children().stream().noneMatch(OverCalls::isIn);
    if (!innermost || !(expression instanceof Over over)) {
      List<Expression> children =
          expression.children().stream().map(child -> replace(child, known, calls)).toList();
      return children.isEmpty() ? expression : expression.withChildren(children);
    }
    if (over.function() instanceof AggregateCall call && call.filter() != null) {
      return replace(filtered(call, over.window()), known, calls);
    }
    Expression canonical = Canonical.of(over);
    Attribute column = known.get(canonical);
    if (column == null) {
      Over plain = plain(over);
      Alias alias = Alias.of(plain, over.sql());
      WindowDefinition key =
          new WindowDefinition(plain.window().partitionBy(), plain.window().orderBy(), null);
      calls.computeIfAbsent(key, ignored -> new ArrayList<>()).add(alias);
      column = LogicalPlan.attributeOf(alias);
      known.put(canonical, column);
    }
    return column;
  }

  /**
   * A call that takes some rows only: nulls stand for the others. First and last values are those
   * of structs, for a null is a value there.
   */
  private static Expression filtered(AggregateCall call, WindowDefinition window) {
    Expression filter = Casts.cast(Objects.requireNonNull(call.filter()), DataTypes.BOOLEAN);
    boolean edge = call.name().equals("first") || call.name().equals("last");
    Expression value =
        call.arguments().isEmpty()
            ? new Literal(1, DataTypes.INTEGER)
            : call.arguments().getFirst();
    if (edge) {
      value =
          ExpressionResolver.resolve(
              Expression.UnresolvedFunction.of(
                  "named_struct", new Literal("value", DataTypes.STRING), value));
    }
    Expression taken = new CaseWhen(List.of(new CaseWhen.Branch(filter, value)), null);
    AggregateCall over =
        new AggregateCall(
            edge ? call.name() + AggregateCall.PRESENT : call.name(),
            List.of(taken),
            false,
            null,
            edge ? value.type() : call.type(),
            edge || call.nullable());
    Over result = new Over(over, window);
    return edge ? new GetField(result, 0) : result;
  }

  /** The call over columns and constants alone. */
  private Over plain(Over over) {
    AggregateCall call = (AggregateCall) over.function();
    List<Expression> arguments = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      arguments.add(argument(call, i));
    }
    WindowDefinition window = over.window();
    List<SortOrder> orders = new ArrayList<>();
    for (SortOrder order : window.orderBy()) {
      orders.add(new SortOrder(column(order.child()), order.ascending(), order.nullsFirst()));
    }
    WindowFrame frame = Objects.requireNonNull(window.frame());
    if (frame.unit() == Unit.RANGE) {
      frame =
          new WindowFrame(Unit.RANGE, limit(frame.lower(), window), limit(frame.upper(), window));
    }
    return new Over(
        call.withChildren(arguments),
        new WindowDefinition(
            window.partitionBy().stream().map(this::column).toList(), orders, frame));
  }

  /** An argument as a column; numbers of rows, and no value where there is no row, are none. */
  private Expression argument(AggregateCall call, int index) {
    Expression argument = call.arguments().get(index);
    boolean isNumber = index == 1 || call.name().equals(WindowFunctions.NTILE);
    boolean isNothing = argument instanceof Literal literal && literal.value() == null;
    if (isNumber || (index == 2 && isNothing)) {
      return argument;
    }
    DataType type = argument.type();
    boolean flat = type instanceof DataType.AtomicType || type instanceof DataType.DecimalType;
    return call.name().equals("count") && !flat ? column(ifPresent(argument)) : column(argument);
  }

  /** What is only counted, as a number. */
  private static Expression ifPresent(Expression argument) {
    Call present = new Call("isnotnull", List.of(argument), DataTypes.BOOLEAN, false);
    Literal one = new Literal(1, DataTypes.INTEGER);
    return new CaseWhen(List.of(new CaseWhen.Branch(present, one)), null);
  }

  private Bound limit(Bound bound, WindowDefinition window) {
    if (!(bound instanceof Offset offset)) {
      return bound;
    }
    SortOrder order = window.orderBy().getFirst();
    Expression key = order.child();
    Expression value = WindowFrames.limit(offset, order, key);
    DataType type = WindowFrames.comparedAs(key.type(), value.type());
    return new Limit(column(value), column(Casts.cast(key, type)));
  }

  /** A column below that holds an expression. */
  private Expression column(Expression expression) {
    if (expression instanceof Attribute) {
      return expression;
    }
    Expression canonical = Canonical.of(expression);
    for (Alias known : computed) {
      if (Canonical.of(known).equals(canonical)) {
        return LogicalPlan.attributeOf(known);
      }
    }
    Alias alias = Alias.of(expression, expression.sql());
    computed.add(alias);
    return LogicalPlan.attributeOf(alias);
  }

  private void project() {
    if (!computed.isEmpty()) {
      List<Expression> columns = new ArrayList<>(input.output());
      columns.addAll(computed);
      input = Projections.of(columns, input);
      computed.clear();
    }
  }
}
