package io.arrowmill.codegen.table;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which aggregates of a table share one generated loop, and that loop; it is made when rows first
 * come.
 */
final class FusedUpdates {
  private final List<RowUpdateCompiler.Part> parts = new ArrayList<>();
  private final int[] separate;
  private @Nullable RowUpdate update;

  FusedUpdates(List<AccumulatorPlan> accumulators, RowLayout layout) {
    List<Integer> alone = new ArrayList<>();
    for (int a = 0; a < accumulators.size(); a++) {
      AccumulatorPlan plan = accumulators.get(a);
      RowStep step = plan.rowStep(layout.state(a));
      if (step == null) {
        alone.add(a);
      } else {
        ValueKind kind = plan.inputKind();
        parts.add(
            new RowUpdateCompiler.Part(step, a, kind == null ? ValueKind.I64 : kind, kind != null));
      }
    }
    separate = alone.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The aggregates that take their values by themselves. */
  int[] separate() {
    return separate;
  }

  /** Adds a slice of rows to the aggregates that share a loop. */
  void update(long rows, long columns, long selection, int start, int count) {
    if (parts.isEmpty()) {
      return;
    }
    RowUpdate update = compiled();
    if (selection == 0 && withoutNulls(columns)) {
      update.dense(rows, columns, start, count);
    } else {
      update.general(rows, columns, selection, start, count);
    }
  }

  /** Whether {@link #keyed} can add rows of such columns. */
  boolean takesKeys(long columns) {
    return separate.length == 0 && RowUpdateCompiler.isOneLoop(parts) && withoutNulls(columns);
  }

  /**
   * Finds the groups of rows by one key and adds the rows, until a row is not for {@link
   * RowUpdate#keyed}.
   *
   * @param keys address of the rows' keys, int64 each, none null
   * @return how many rows were added, from the first on
   */
  int keyed(long keys, DirectIndex direct, int epoch, long columns, int start, int count) {
    return compiled()
        .keyed(
            keys, direct.base(0), direct.span(0), direct.address(), epoch, columns, start, count);
  }

  private RowUpdate compiled() {
    RowUpdate known = update;
    if (known == null) {
      known = RowUpdateCompiler.compile(parts);
      update = known;
    }
    return known;
  }

  private boolean withoutNulls(long columns) {
    for (int p = 0; p < parts.size(); p++) {
      RowUpdateCompiler.Part part = parts.get(p);
      if (part.skipsNulls()
          && ColumnDescriptor.validity(ColumnDescriptor.at(columns, part.column())) != 0) {
        return false;
      }
    }
    return true;
  }
}
