package io.arrowmill.operator;

import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a scan of the conditions that the operator above puts to its rows.
 *
 * <p>Of a condition {@code a AND b AND c} the first parts that read one column each. What comes
 * behind another part is not told: that part might fail, and has to see all rows that it saw
 * before.
 */
final class ScanFilters {
  private ScanFilters() {}

  /** The plan that a filter by {@code condition} reads. */
  static PhysicalPlan push(@Nullable Expression condition, PhysicalPlan input) {
    if (!(input instanceof ScanPlan scan)) {
      return input;
    }
    Set<Long> columns = new HashSet<>();
    scan.output().forEach(column -> columns.add(column.id()));
    List<Expression> filters = new ArrayList<>();
    for (Expression part : Conjunctions.split(condition)) {
      Set<Long> reads = new HashSet<>();
      PhysicalPlanner.addReferences(part, reads);
      if (reads.size() != 1 || !columns.containsAll(reads)) {
        break;
      }
      filters.add(part);
    }
    return filters.isEmpty() ? scan : scan.withFilters(List.copyOf(filters));
  }

  /** The column that a scan's filter reads. */
  static Attribute column(ScanPlan scan, Expression filter) {
    Set<Long> reads = new HashSet<>();
    PhysicalPlanner.addReferences(filter, reads);
    return scan.output().stream()
        .filter(column -> reads.contains(column.id()))
        .findFirst()
        .orElseThrow();
  }
}
