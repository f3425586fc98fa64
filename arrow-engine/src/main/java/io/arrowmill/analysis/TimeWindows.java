package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.ExpandWindows;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.plan.TimeSpans;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code window(time, length[, slide[, start]])}: its call, and the plan that computes its start.
 */
final class TimeWindows {
  private TimeWindows() {}

  static TimeWindow resolve(List<Expression> arguments) {
    int count = arguments.size();
    if (count < 2 || count > 4) {
      throw Errors.wrongArgumentCount("window", "2 to 4", count);
    }
    Expression time = time("window", arguments.getFirst());
    long length = micros(arguments.get(1));
    long slide = count > 2 ? micros(arguments.get(2)) : length;
    long start = count > 3 ? micros(arguments.get(3)) : 0;
    if (length <= 0 || slide <= 0 || slide > length || Math.abs(start) >= slide) {
      throw Errors.of(
          "DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION",
          "window must have 0 < slide <= length and |start| < slide: lengthMicros="
              + length
              + ", slideMicros="
              + slide
              + ", startMicros="
              + start);
    }
    return new TimeWindow(time, length, slide, start);
  }

  /** The microseconds of a constant: a text such as {@code 10 minutes}, or an interval. */
  static long micros(Expression expression) {
    return switch (expression) {
      case Literal literal when literal.value() instanceof String text -> TimeSpans.parse(text);
      case Literal literal when literal.value() instanceof Duration duration ->
          Math.addExact(
              Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
      default -> TimeSpans.parse(expression.sql());
    };
  }

  /** The time that a window function takes: a timestamp, or the last instant of a window. */
  static Expression time(String function, Expression argument) {
    return isWindow(argument.type())
        ? windowTime(List.of(argument))
        : Param.ANY_TIMESTAMP.coerce(function, 1, argument);
  }

  private static boolean isWindow(DataType type) {
    return type instanceof StructType window
        && window.size() == 2
        && window.field(0).name().equals("start")
        && window.field(1).name().equals("end")
        && window.field(0).type().isOneOf(DataTypes.TIMESTAMP, DataTypes.TIMESTAMP_NTZ)
        && window.field(1).type().equals(window.field(0).type());
  }

  /** {@code window_time(window)}: the last microsecond that belongs to a window. */
  static Expression windowTime(List<Expression> arguments) {
    if (arguments.size() != 1) {
      throw Errors.wrongArgumentCount("window_time", "1", arguments.size());
    }
    Expression window = arguments.getFirst();
    if (!isWindow(window.type())) {
      throw Errors.of(
          "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
          "window_time takes a column of windows: argument="
              + window.sql()
              + ", type="
              + window.type().sql()
              + "; group by window(...) or session_window(...) and give its column");
    }
    DataType time = ((StructType) window.type()).field(1).type();
    return new Call("window_time", List.of(window), time, window.nullable());
  }

  /**
   * A plan that has the window's start as a column.
   *
   * @param struct the window itself, made of that column
   */
  record Expanded(LogicalPlan child, Attribute start, Call struct) {}

  /** The one window among the expressions, if there is one. */
  static List<TimeWindow> among(List<Expression> expressions) {
    List<TimeWindow> found = new ArrayList<>();
    for (Expression expression : expressions) {
      collect(expression, found);
    }
    if (found.size() > 1) {
      throw Errors.of(
          "_LEGACY_ERROR_TEMP_1039",
          "a query must have at most one time window at a place: windows="
              + Errors.texts(found.stream().map(TimeWindow::time).toList())
              + "; compute the others in a query around it");
    }
    return found;
  }

  private static void collect(Expression expression, List<TimeWindow> found) {
    if (expression instanceof TimeWindow window
        && found.stream().noneMatch(known -> same(known, window))) {
      found.add(window);
    }
    for (Expression child : expression.children()) {
      collect(child, found);
    }
  }

  private static boolean same(Expression left, Expression right) {
    return Canonical.of(left).equals(Canonical.of(right));
  }

  /** Adds the window's start to the child's columns. */
  static Expanded expand(TimeWindow window, LogicalPlan child) {
    Alias start = Alias.of(new GetField(window, 0), "window_start");
    Attribute column = LogicalPlan.attributeOf(start);
    LogicalPlan plan;
    if (window.isTumbling()) {
      List<Expression> columns = new ArrayList<>(child.output());
      columns.add(start);
      plan = new Project(columns, timesOnly(window.time(), child));
    } else {
      plan = new ExpandWindows(window, column, child);
    }
    return new Expanded(plan, column, struct(column, window.lengthMicros()));
  }

  private static LogicalPlan timesOnly(Expression time, LogicalPlan child) {
    if (!time.nullable()) {
      return child;
    }
    return new Filter(new Call("isnotnull", List.of(time), DataTypes.BOOLEAN, false), child);
  }

  /** The window that starts at a column. */
  static Call struct(Attribute start, long lengthMicros) {
    Literal length =
        new Literal(Duration.of(lengthMicros, ChronoUnit.MICROS), AtomicType.DAY_TIME_INTERVAL);
    Call end = new Call("+", List.of(start, length), start.type(), start.nullable());
    return new Call(
        "named_struct",
        List.of(
            new Literal("start", DataTypes.STRING),
            start,
            new Literal("end", DataTypes.STRING),
            end),
        StructType.of(
            new StructField("start", start.type(), start.nullable()),
            new StructField("end", start.type(), start.nullable())),
        false);
  }

  /**
   * The expression with the window replaced by {@code struct}, and its fields by the values they
   * are made of.
   */
  static Expression replace(Expression expression, TimeWindow window, Call struct) {
    if (!PlanExpressions.contains(expression, TimeWindow.class::isInstance)) {
      return expression;
    }
    return expression.transformUp(node ->
        switch (node) {
          case TimeWindow found when same(found, window) -> struct;
          case GetField get when get.child().equals(struct) ->
              struct.arguments().get(2 * get.ordinal() + 1);
          default -> node;
        });
  }
}
