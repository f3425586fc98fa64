package io.arrowmill.operator;

import io.arrowmill.Row;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a query is computed: a tree of immutable records, sources at the leaves. */
public sealed interface PhysicalPlan
    permits PhysicalPlan.ScanPlan,
        PhysicalPlan.LocalPlan,
        PhysicalPlan.RangePlan,
        PhysicalPlan.FilterProjectPlan,
        PhysicalPlan.GeneratePlan,
        PhysicalPlan.ExpandWindowsPlan,
        PhysicalPlan.WatermarkPlan,
        PhysicalPlan.HashJoinPlan,
        PhysicalPlan.SortPlan,
        PhysicalPlan.LimitPlan,
        PhysicalPlan.UnionPlan,
        OverPlan,
        TypedRowsPlan,
        ObservePlan,
        ObservePlan.Rows,
        StatefulPlan {

  /** The columns this node gives. */
  List<Attribute> output();

  /** The nodes it takes its batches from. */
  List<PhysicalPlan> inputs();

  /** The node in one line, for {@code explain}. */
  String describe();

  /** The columns as a schema. */
  default StructType schema() {
    return schemaOf(output());
  }

  /** The schema of the given columns. */
  static StructType schemaOf(List<Attribute> columns) {
    return StructType.of(
        columns.stream()
            .map(column -> new StructField(column.name(), column.type(), column.nullable()))
            .toList());
  }

  /** The plan as an indented tree, one line a node. */
  default String treeString() {
    StringBuilder out = new StringBuilder();
    appendTree(this, 0, out);
    return out.toString();
  }

  private static void appendTree(PhysicalPlan node, int depth, StringBuilder out) {
    if (depth > 0) {
      out.append("   ".repeat(depth - 1)).append("+- ");
    }
    out.append(node.describe()).append('\n');
    node.inputs().forEach(input -> appendTree(input, depth + 1, out));
  }

  private static String list(List<? extends Expression> expressions) {
    return expressions.stream().map(Expression::sql).collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * Reads a source.
   *
   * @param streamId the id of the stream relation, or null for a bounded source
   * @param filters conditions on one column each that the plan above puts to every row: the source
   *     may leave out rows that do not meet them
   */
  record ScanPlan(
      @Nullable Long streamId, SourceSpec source, List<Attribute> output, List<Expression> filters)
      implements PhysicalPlan {
    ScanPlan withFilters(List<Expression> others) {
      return new ScanPlan(streamId, source, output, others);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of();
    }

    @Override
    public String describe() {
      String path = source.option("path");
      return (streamId == null ? "Scan " : "StreamScan ")
          + source.format()
          + list(output)
          + (filters.isEmpty() ? "" : " filters=" + list(filters))
          + (path == null ? "" : " " + path);
    }
  }

  /** Gives rows that the plan holds. */
  record LocalPlan(List<Attribute> output, List<Row> rows) implements PhysicalPlan {
    @Override
    public List<PhysicalPlan> inputs() {
      return List.of();
    }

    @Override
    public String describe() {
      return "LocalRows" + list(output) + " rows=" + rows.size();
    }
  }

  /** Gives the numbers from {@code start} up to, but without, {@code end}. */
  record RangePlan(long start, long end, long step, Attribute id) implements PhysicalPlan {
    @Override
    public List<Attribute> output() {
      return List.of(id);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of();
    }

    @Override
    public String describe() {
      return "Range start=" + start + " end=" + end + " step=" + step;
    }
  }

  /**
   * Keeps the rows for which {@code filter} is true, if there is one, and computes {@code columns}
   * of them.
   */
  record FilterProjectPlan(
      @Nullable Expression filter,
      List<Expression> columns,
      List<Attribute> output,
      PhysicalPlan input)
      implements PhysicalPlan {
    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public String describe() {
      return (filter == null ? "Project" : "FilterProject " + filter.sql() + " ->") + list(columns);
    }
  }

  /**
   * For each row, one row for each element of a collection, beside the input columns {@code kept}.
   */
  record GeneratePlan(
      GeneratorCall generator, List<Attribute> kept, List<Attribute> generated, PhysicalPlan input)
      implements PhysicalPlan {
    @Override
    public List<Attribute> output() {
      List<Attribute> all = new ArrayList<>(kept);
      all.addAll(generated);
      return all;
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public String describe() {
      return "Generate " + generator.sql() + " keep" + list(kept);
    }
  }

  /** For each row that has a time, one row for each window that the time falls into. */
  record ExpandWindowsPlan(TimeWindow window, Attribute column, PhysicalPlan input)
      implements PhysicalPlan {
    @Override
    public List<Attribute> output() {
      List<Attribute> all = new ArrayList<>(input.output());
      all.add(column);
      return all;
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public String describe() {
      return "ExpandWindows "
          + window.time().sql()
          + " lengthMicros="
          + window.lengthMicros()
          + " slideMicros="
          + window.slideMicros();
    }
  }

  /**
   * Notes the greatest event time that passes.
   *
   * @param index position among the watermarks of the query
   */
  record WatermarkPlan(int index, Attribute column, long delayMicros, PhysicalPlan input)
      implements PhysicalPlan {
    @Override
    public List<Attribute> output() {
      return input.output();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public String describe() {
      return "EventTimeWatermark " + column.name() + " delayMicros=" + delayMicros;
    }
  }

  /**
   * Hash join; the build side is read whole first, then the probe side streams past it.
   *
   * @param probeKeys columns of the probe side
   * @param buildKeys columns of the build side, of the same types
   * @param residual what else must hold of a pair of rows, or null
   * @param buildIsRight whether the build side's columns come second in the output
   */
  record HashJoinPlan(
      JoinType type,
      PhysicalPlan probe,
      PhysicalPlan build,
      List<Attribute> probeKeys,
      List<Attribute> buildKeys,
      @Nullable Expression residual,
      boolean buildIsRight,
      List<Attribute> output)
      implements PhysicalPlan {
    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(probe, build);
    }

    @Override
    public String describe() {
      return "HashJoin "
          + type
          + " probe"
          + list(probeKeys)
          + " build"
          + list(buildKeys)
          + (residual == null ? "" : " where " + residual.sql());
    }
  }

  /**
   * Groups by columns of the input.
   *
   * @param keys input columns
   * @param calls aggregate calls whose arguments are input columns
   * @param eviction when groups end, or null if never
   * @param panes what the input has in place of the last key, or null if that is a key as others
   * @param output the keys, then one column for each call
   */
  record AggregatePlan(
      int operatorId,
      List<Attribute> keys,
      List<AggregateCall> calls,
      @Nullable Eviction eviction,
      @Nullable WindowPanes panes,
      List<Attribute> output,
      PhysicalPlan input)
      implements StatefulPlan {

    /**
     * A group ends when its event time plus {@code lengthMicros} is not after the watermark.
     *
     * @param key position among the keys
     */
    public record Eviction(int key, long lengthMicros) {}

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public String operatorName() {
      return "stateStoreSave";
    }

    @Override
    public List<StateStorePlan> stores() {
      return List.of(
          new StateStorePlan.Keyed(
              panes == null ? "groups" : "panes",
              keys,
              AggregateColumns.tablePlan(this),
              panes == null ? keys.size() : keys.size() - 1));
    }

    @Override
    public boolean runsOnWatermark(OutputMode mode) {
      return mode != OutputMode.COMPLETE;
    }

    @Override
    public boolean usesWatermark(OutputMode mode) {
      return eviction != null && mode != OutputMode.COMPLETE;
    }

    @Override
    public @Nullable String unbounded(OutputMode mode) {
      if (keys.isEmpty()) {
        return null;
      }
      if (mode == OutputMode.COMPLETE) {
        return "use output mode Append or Update: Complete keeps every group";
      }
      return eviction != null
          ? null
          : "call withWatermark and group by window(...) of the event time as well";
    }

    @Override
    public String fingerprint() {
      StringJoiner columns = new StringJoiner(", ", "aggregate=[", "]");
      keys.forEach(key -> columns.add(key.name() + " " + key.type().sql()));
      calls.forEach(call -> columns.add(call.name() + "(" + argumentType(call) + ")"));
      return panes == null ? columns.toString() : columns + " " + panes.describe();
    }

    private static String argumentType(AggregateCall call) {
      return call.arguments().isEmpty() ? "*" : call.arguments().getFirst().type().sql();
    }

    @Override
    public String describe() {
      return "HashAggregate keys"
          + list(keys)
          + " calls"
          + list(calls)
          + (panes == null ? "" : " " + panes.describe());
    }
  }

  /**
   * Rows in order; needs all rows before it gives one.
   *
   * @param orders by columns of the input
   * @param first how many of them are given at most
   */
  record SortPlan(List<SortOrder> orders, long first, PhysicalPlan input) implements PhysicalPlan {
    /** Stands for all rows. */
    static final long ALL = Long.MAX_VALUE;

    /** The sort that gives no more than {@code count} rows. */
    SortPlan first(long count) {
      return new SortPlan(orders, Math.min(count, first), input);
    }

    SortPlan withInput(PhysicalPlan other) {
      return new SortPlan(orders, first, other);
    }

    @Override
    public List<Attribute> output() {
      return input.output();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public String describe() {
      return "Sort " + list(orders) + (first == ALL ? "" : " first " + first);
    }
  }

  /** The first rows, no more than {@code count}. */
  record LimitPlan(long count, PhysicalPlan input) implements PhysicalPlan {
    @Override
    public List<Attribute> output() {
      return input.output();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }

    @Override
    public String describe() {
      return "Limit " + count;
    }
  }

  /** All rows of all inputs, whose columns correspond by position. */
  record UnionPlan(List<PhysicalPlan> inputs, List<Attribute> output) implements PhysicalPlan {
    @Override
    public String describe() {
      return "Union";
    }
  }
}
