package io.arrowmill.operator;

import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.types.StructType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Columns that are made of pairs of a probe row and a build row.
 *
 * @param sources where each comes from
 */
record JoinColumns(List<Source> sources, StructType schema) {

  /** Column {@code index} of the build side or of the probe side. */
  record Source(boolean isBuild, int index) {}

  /** The join's output. */
  static JoinColumns output(HashJoinPlan plan) {
    return of(plan, plan.output());
  }

  /** What the residual condition reads. */
  static JoinColumns residual(HashJoinPlan plan) {
    return of(plan, residualInput(plan));
  }

  /** The columns that the residual condition reads, in the order in which it gets them. */
  static List<Attribute> residualInput(HashJoinPlan plan) {
    Set<Long> read = new HashSet<>();
    PhysicalPlanner.addReferences(plan.residual(), read);
    return CompiledExpressions.concat(plan.probe().output(), plan.build().output()).stream()
        .filter(column -> read.contains(column.id()))
        .toList();
  }

  private static JoinColumns of(HashJoinPlan plan, List<Attribute> columns) {
    List<Long> probe = plan.probe().output().stream().map(Attribute::id).toList();
    List<Long> build = plan.build().output().stream().map(Attribute::id).toList();
    List<Source> sources =
        columns.stream()
            .map(column -> {
              int index = probe.indexOf(column.id());
              return index >= 0
                  ? new Source(false, index)
                  : new Source(true, build.indexOf(column.id()));
            })
            .toList();
    return new JoinColumns(sources, PhysicalPlan.schemaOf(columns));
  }

  /** Whether any column is of the build side. */
  boolean readsBuild() {
    return sources.stream().anyMatch(Source::isBuild);
  }

  /** Positions of key columns in the columns of their side. */
  static int[] positions(List<Attribute> keys, List<Attribute> columns) {
    List<Long> ids = columns.stream().map(Attribute::id).toList();
    return keys.stream().mapToInt(key -> ids.indexOf(key.id())).toArray();
  }
}
