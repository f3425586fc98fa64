package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.plan.TimeSpans;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sessions: {@code session_window(time, gap)} is the stretch from a row's time to the gap after it.
 * An aggregation by it joins the stretches of a key that overlap or touch.
 */
public final class SessionWindows {
  /** The function that makes one row's stretch. */
  public static final String NAME = "session_window";

  private SessionWindows() {}

  static Expression resolve(List<Expression> arguments) {
    if (arguments.size() != 2) {
      throw Errors.wrongArgumentCount(NAME, "2", arguments.size());
    }
    Expression time = TimeWindows.time(NAME, arguments.getFirst());
    Expression gap = gap(arguments.get(1));
    StructType type =
        StructType.of(
            new StructField("start", time.type(), false),
            new StructField("end", time.type(), false));
    return new Call(NAME, List.of(time, gap), type, false);
  }

  /** The gap as an interval; texts in it must be constants. */
  private static Expression gap(Expression gap) {
    if (gap instanceof Literal literal) {
      long micros = TimeWindows.micros(literal);
      if (micros <= 0) {
        throw Errors.of(
            "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
            "the gap of a session window must be longer than nothing: gapMicros=" + micros);
      }
    }
    Expression intervals = intervals(gap);
    if (intervals.type() != AtomicType.DAY_TIME_INTERVAL) {
      throw Errors.of(
          "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
          "the gap of a session window must be a constant such as '5 minutes', an interval, or a"
              + " CASE of them: gap="
              + gap.sql()
              + ", type="
              + intervals.type().sql());
    }
    return intervals;
  }

  /** The gap with an interval in place of each text that it can be. */
  private static Expression intervals(Expression gap) {
    return switch (gap) {
      case Literal literal when literal.value() instanceof String text ->
          new Literal(
              Duration.of(TimeSpans.parse(text), ChronoUnit.MICROS), AtomicType.DAY_TIME_INTERVAL);
      case CaseWhen choice -> {
        List<CaseWhen.Branch> branches = new ArrayList<>();
        for (CaseWhen.Branch branch : choice.branches()) {
          branches.add(new CaseWhen.Branch(branch.condition(), intervals(branch.value())));
        }
        Expression otherwise = choice.otherwise();
        yield new CaseWhen(branches, otherwise == null ? null : intervals(otherwise));
      }
      default -> gap;
    };
  }

  /** Leaves out rows that have no time or no gap, which belong to no session. */
  static LogicalPlan withSession(Call session, LogicalPlan child) {
    Expression time = session.arguments().getFirst();
    Expression gap = session.arguments().get(1);
    List<Expression> conditions = new ArrayList<>();
    if (time.nullable()) {
      conditions.add(new Call("isnotnull", List.of(time), DataTypes.BOOLEAN, false));
    }
    if (!(gap instanceof Literal)) {
      // Reads the time, so that the watermark below sees the row all the same, as in Spark.
      Expression end = new Call("+", List.of(time, gap), time.type(), true);
      conditions.add(new Call(">", List.of(end, time), DataTypes.BOOLEAN, true));
    }
    LogicalPlan plan = child;
    for (Expression condition : conditions) {
      plan = new Filter(condition, plan);
    }
    return plan;
  }

  static boolean isSession(Expression expression) {
    return expression instanceof Call call && call.name().equals(NAME);
  }

  /** The grouping whose stretches are joined, or null if the aggregate has no session window. */
  public static @Nullable Attribute key(Aggregate aggregate) {
    for (Expression grouping : aggregate.groupings()) {
      if (grouping instanceof Attribute key && defines(key.id(), aggregate.child())) {
        return key;
      }
    }
    return null;
  }

  /** Whether the plan computes the column as a stretch, and not as the result of sessions. */
  private static boolean defines(long id, LogicalPlan plan) {
    if (plan instanceof Aggregate) {
      return false;
    }
    if (plan instanceof Project project) {
      for (Expression column : project.columns()) {
        if (column instanceof Alias alias && alias.id() == id) {
          return isSession(alias.child());
        }
      }
    }
    return plan.children().stream().anyMatch(child -> defines(id, child));
  }

  /**
   * The plan with the column of stretches replaced by two columns of times.
   *
   * @param plan computes the column
   */
  public static LogicalPlan split(LogicalPlan plan, Attribute session, Alias start, Alias end) {
    Parts parts = new Parts(session, start, end);
    if (!(plan instanceof Project project)) {
      List<LogicalPlan> children =
          plan.children().stream().map(child -> split(child, session, start, end)).toList();
      return PlanExpressions.map(plan.withChildren(children), parts::replace);
    }
    boolean here = false;
    List<Expression> columns = new ArrayList<>();
    for (Expression column : project.columns()) {
      if (column instanceof Alias alias
          && alias.id() == session.id()
          && alias.child() instanceof Call call) {
        here = true;
        Expression time = call.arguments().getFirst();
        columns.add(new Alias(time, start.name(), start.id()));
        columns.add(
            new Alias(
                new Call("+", call.arguments(), time.type(), time.nullable()),
                end.name(),
                end.id()));
      } else if (column instanceof Attribute attribute && attribute.id() == session.id()) {
        columns.add(LogicalPlan.attributeOf(start));
        columns.add(LogicalPlan.attributeOf(end));
      } else {
        columns.add(parts.replace(column));
      }
    }
    return new Project(
        columns, here ? project.child() : split(project.child(), session, start, end));
  }

  /** Replaces the fields of the stretch by the columns they have become. */
  private record Parts(Attribute session, Alias start, Alias end) {
    Expression replace(Expression expression) {
      return expression.transformUp(node ->
          node instanceof GetField(Attribute column, int ordinal) && column.id() == session.id()
              ? LogicalPlan.attributeOf(ordinal == 0 ? start : end)
              : node);
    }
  }
}
