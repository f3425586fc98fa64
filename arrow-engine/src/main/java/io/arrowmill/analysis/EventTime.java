package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.ExpandWindows;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.types.StructType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Answers which column of a plan the watermark bounds. */
public final class EventTime {
  private EventTime() {}

  /**
   * The key by which an aggregate's groups end. A group is over, and a late row dropped, when
   * {@code startKey + lengthMicros <= watermark}.
   *
   * @param startKey a grouping: the start of a window, or an event-time column itself
   * @param lengthMicros the window's length; 0 if the key is the column itself
   */
  public record WindowKey(Attribute startKey, long lengthMicros) {}

  /** The grouping that carries the watermark, or null if none does and groups never end. */
  public static @Nullable WindowKey evictionKey(Aggregate aggregate) {
    for (Expression grouping : aggregate.groupings()) {
      if (grouping instanceof Attribute key
          && key.isEventTime()
          && !(key.type() instanceof StructType)) {
        return new WindowKey(key, lengthMicros(key.id(), aggregate.child()));
      }
    }
    return null;
  }

  /** The column of the plan's output that carries the watermark, or null. */
  public static @Nullable Attribute column(LogicalPlan plan) {
    for (Attribute column : plan.output()) {
      if (column.isEventTime()) {
        return column;
      }
    }
    return null;
  }

  /** The length of the window whose start the column is; 0 if it is no window's start. */
  static long lengthMicros(long id, LogicalPlan plan) {
    if (plan instanceof ExpandWindows expand && expand.column().id() == id) {
      return expand.window().lengthMicros();
    }
    if (plan instanceof Project project) {
      for (Expression column : project.columns()) {
        if (column instanceof Alias alias && alias.id() == id) {
          return lengthMicros(alias.child(), project.child());
        }
      }
    }
    for (LogicalPlan child : plan.children()) {
      long length = lengthMicros(id, child);
      if (length != 0) {
        return length;
      }
    }
    return 0;
  }

  private static long lengthMicros(Expression value, LogicalPlan below) {
    return switch (value) {
      case Attribute attribute -> lengthMicros(attribute.id(), below);
      case GetField(TimeWindow window, int ordinal) when ordinal == 0 -> window.lengthMicros();
      case GetField get -> lengthMicros(get.child(), below);
      case Call call
          when call.name().equals("named_struct")
              && call.arguments().size() == 4
              && call.arguments().get(3) instanceof Call end
              && end.arguments().getLast() instanceof Literal length
              && length.value() instanceof Duration duration ->
          duration.toNanos() / 1_000;
      default -> 0;
    };
  }
}
