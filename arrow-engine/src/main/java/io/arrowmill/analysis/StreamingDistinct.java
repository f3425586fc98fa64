package io.arrowmill.analysis;

import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.Distinct;
import io.arrowmill.streaming.OutputMode;
import java.util.List;

/**
 * What {@code SELECT DISTINCT} of a stream means in an output mode.
 *
 * <p>As in Spark it is a grouping by all columns, which gives a row again whenever it comes in
 * update mode, all rows in complete mode, and those that the watermark has passed in append mode.
 * In append mode without an event time, where Spark refuses it, it gives each row once, as {@code
 * distinct()} does.
 */
public final class StreamingDistinct {
  private StreamingDistinct() {}

  /** The analyzed plan without {@link Distinct}. */
  public static LogicalPlan resolve(LogicalPlan plan, OutputMode mode) {
    return plan.transformUp(
        node -> node instanceof Distinct distinct ? over(distinct.child(), mode) : node);
  }

  private static LogicalPlan over(LogicalPlan child, OutputMode mode) {
    List<Attribute> columns = child.output();
    boolean groups = mode != OutputMode.APPEND || columns.stream().anyMatch(Attribute::isEventTime);
    return groups
        ? new Aggregate(List.copyOf(columns), List.copyOf(columns), child)
        : new Deduplicate(List.of(), false, child);
  }
}
