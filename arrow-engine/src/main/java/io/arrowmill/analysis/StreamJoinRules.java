package io.arrowmill.analysis;

import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.streaming.OutputMode;
import java.util.List;
import java.util.Set;

/** What can be asked of a join of two streams; the rules are Spark's. */
final class StreamJoinRules {
  private StreamJoinRules() {}

  /**
   * Checks a join of two streams.
   *
   * @throws io.arrowmill.AnalysisException if it can't be run
   */
  static void check(Join join, OutputMode mode) {
    checkType(join, mode);
    List<Expression> equalities = equalities(join);
    if (equalities.isEmpty()) {
      throw unsupported(
          "STREAM_JOIN_WITHOUT_EQUALITY",
          "a join of two streams must compare columns of both by equality: condition="
              + (join.condition() == null ? "none" : join.condition().sql())
              + "; add left.key = right.key to the condition");
    }
    if (keepsUnmatched(join.type()) && !endsByKey(equalities) && !endsByRange(join)) {
      throw unsupported(
          "STREAM_JOIN_WITHOUT_WATERMARK",
          "the watermark must say when a row of a "
              + join.type()
              + " join of two streams has no partner: condition="
              + (join.condition() == null ? "none" : join.condition().sql())
              + "; call withWatermark on both sides and add a range of event times to the"
              + " condition, such as right.time BETWEEN left.time AND left.time + INTERVAL 1 HOUR,"
              + " or join by the event-time column");
    }
  }

  private static void checkType(Join join, OutputMode mode) {
    boolean allowed =
        switch (join.type()) {
          case INNER, CROSS, LEFT_SEMI -> mode != OutputMode.COMPLETE;
          case LEFT_OUTER, RIGHT_OUTER, FULL_OUTER -> mode == OutputMode.APPEND;
          case LEFT_ANTI -> false;
        };
    if (!allowed) {
      throw unsupported(
          "STREAM_JOIN_TYPE",
          "a join of two streams must be INNER or LEFT SEMI in output mode Append or Update, or"
              + " OUTER in Append: type="
              + join.type()
              + ", mode="
              + mode);
    }
  }

  private static boolean keepsUnmatched(JoinType type) {
    return type != JoinType.INNER && type != JoinType.CROSS;
  }

  /** The comparisons by equality of one side with the other. */
  private static List<Expression> equalities(Join join) {
    Set<Long> left = PlanExpressions.outputIds(join.left());
    Set<Long> right = PlanExpressions.outputIds(join.right());
    return Conjunctions.split(join.condition()).stream()
        .filter(part ->
            part instanceof Call call
                && call.name().equals("=")
                && isBetween(call.arguments().get(0), call.arguments().get(1), left, right))
        .toList();
  }

  private static boolean isBetween(Expression a, Expression b, Set<Long> left, Set<Long> right) {
    return (reads(a, left) && reads(b, right)) || (reads(a, right) && reads(b, left));
  }

  private static boolean reads(Expression expression, Set<Long> columns) {
    Set<Long> read = PlanExpressions.references(expression);
    return !read.isEmpty() && columns.containsAll(read);
  }

  /** Whether a key carries a watermark. */
  private static boolean endsByKey(List<Expression> equalities) {
    return equalities.stream()
        .flatMap(equality -> equality.children().stream())
        .anyMatch(key -> key instanceof Attribute column && column.isEventTime());
  }

  /** Whether the condition bounds the times of the side whose unmatched rows are given. */
  private static boolean endsByRange(Join join) {
    boolean left = isBounded(join, join.left(), join.right());
    boolean right = isBounded(join, join.right(), join.left());
    return switch (join.type()) {
      case LEFT_OUTER, LEFT_SEMI -> left;
      case RIGHT_OUTER -> right;
      default -> left || right;
    };
  }

  private static boolean isBounded(Join join, LogicalPlan side, LogicalPlan other) {
    return !StateBounds.of(join.condition(), side.output(), other.output()).isEmpty();
  }

  private static RuntimeException unsupported(String kind, String message) {
    return Errors.of("UNSUPPORTED_STREAMING_OPERATION." + kind, message);
  }
}
