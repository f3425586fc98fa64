package io.arrowmill.plan;

import io.arrowmill.Row;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a query computes, without how. Immutable; see the package for the two lives of a plan. */
public sealed interface LogicalPlan {

  /** The inputs, in order. */
  List<LogicalPlan> children();

  /** The plan as indented text, for people: a line a node, its inputs below it. */
  default String treeString() {
    return PlanText.of(this);
  }

  /** This node over other inputs, given in the order of {@link #children()}. */
  LogicalPlan withChildren(List<LogicalPlan> children);

  /**
   * The columns this node gives.
   *
   * @throws IllegalStateException on an unresolved node
   */
  List<Attribute> output();

  /** The columns as a schema. */
  default StructType schema() {
    return StructType.of(
        output().stream()
            .map(column -> new StructField(column.name(), column.type(), column.nullable()))
            .toList());
  }

  /** Whether any input is unbounded. */
  default boolean isStreaming() {
    return children().stream().anyMatch(LogicalPlan::isStreaming);
  }

  /** Rewrites bottom-up: inputs first, then the node itself. */
  @SuppressWarnings("ReferenceEquality") // an unchanged node is passed on as it is
  default LogicalPlan transformUp(UnaryOperator<LogicalPlan> rule) {
    List<LogicalPlan> before = children();
    if (before.isEmpty()) {
      return rule.apply(this);
    }
    List<LogicalPlan> after = new ArrayList<>(before.size());
    boolean changed = false;
    for (LogicalPlan child : before) {
      LogicalPlan rewritten = child.transformUp(rule);
      changed |= rewritten != child;
      after.add(rewritten);
    }
    return rule.apply(changed ? withChildren(after) : this);
  }

  // ---- leaves -------------------------------------------------------------------------------

  /** A node without inputs. */
  sealed interface Leaf extends LogicalPlan {
    @Override
    default List<LogicalPlan> children() {
      return List.of();
    }

    @Override
    default LogicalPlan withChildren(List<LogicalPlan> children) {
      return this;
    }
  }

  /** A table or view by name. */
  record UnresolvedRelation(String name, boolean streaming) implements Leaf {
    @Override
    public List<Attribute> output() {
      throw new IllegalStateException("relation must be resolved: " + name);
    }
  }

  /**
   * An unbounded source.
   *
   * @param id tells two uses of one source apart; unique in this process
   * @param output the columns read, a subset of the source's after column pruning
   */
  record StreamRelation(long id, SourceSpec source, List<Attribute> output) implements Leaf {
    public StreamRelation {
      output = List.copyOf(output);
    }

    @Override
    public boolean isStreaming() {
      return true;
    }
  }

  /** A bounded source, read whole each time it is asked. */
  record BatchRelation(SourceSpec source, List<Attribute> output) implements Leaf {
    public BatchRelation {
      output = List.copyOf(output);
    }
  }

  /** Rows given by the program. */
  record LocalRelation(List<Attribute> output, List<Row> rows) implements Leaf {
    public LocalRelation {
      output = List.copyOf(output);
      rows = List.copyOf(rows);
    }
  }

  /** The numbers from {@code start} up to, but without, {@code end}. */
  record RangeRelation(long start, long end, long step, Attribute id) implements Leaf {
    @Override
    public List<Attribute> output() {
      return List.of(id);
    }
  }

  /** The rows that pass an {@link Observe}, where its metrics are planned. */
  record ObservedRows(List<Attribute> output) implements Leaf {
    public ObservedRows {
      output = List.copyOf(output);
    }
  }

  // ---- one input ----------------------------------------------------------------------------

  /** A node with one input. */
  sealed interface Unary extends LogicalPlan {
    LogicalPlan child();

    Unary withChild(LogicalPlan child);

    @Override
    default List<LogicalPlan> children() {
      return List.of(child());
    }

    @Override
    default LogicalPlan withChildren(List<LogicalPlan> children) {
      return withChild(children.getFirst());
    }

    @Override
    default List<Attribute> output() {
      return child().output();
    }
  }

  /** {@code SELECT}; once resolved each column is an {@link Attribute} or an {@link Alias}. */
  record Project(List<Expression> columns, LogicalPlan child) implements Unary {
    public Project {
      columns = List.copyOf(columns);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new Project(columns, child);
    }

    @Override
    public List<Attribute> output() {
      return columns.stream().map(LogicalPlan::attributeOf).toList();
    }
  }

  /** Adds columns, or replaces those of the same name; unresolved. */
  record WithColumns(List<Alias> columns, LogicalPlan child) implements Unary {
    public WithColumns {
      columns = List.copyOf(columns);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new WithColumns(columns, child);
    }
  }

  /** Leaves out the columns of these names, where they exist; unresolved. */
  record DropColumns(List<String> names, LogicalPlan child) implements Unary {
    public DropColumns {
      names = List.copyOf(names);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new DropColumns(names, child);
    }
  }

  /** The rows for which the condition is true. */
  record Filter(Expression condition, LogicalPlan child) implements Unary {
    @Override
    public Unary withChild(LogicalPlan child) {
      return new Filter(condition, child);
    }
  }

  /**
   * {@code GROUP BY}. Once resolved, {@code groupings} are plain attributes of the child (a
   * projection below computes them) and {@code results} are those attributes or aliases over
   * expressions of them and aggregate calls.
   */
  record Aggregate(List<Expression> groupings, List<Expression> results, LogicalPlan child)
      implements Unary {
    public Aggregate {
      groupings = List.copyOf(groupings);
      results = List.copyOf(results);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new Aggregate(groupings, results, child);
    }

    @Override
    public List<Attribute> output() {
      return results.stream().map(LogicalPlan::attributeOf).toList();
    }
  }

  /**
   * {@code GROUP BY} several sets of keys at once; unresolved.
   *
   * @param keys all keys
   * @param sets of each set the positions of its keys
   */
  record GroupedBySets(
      List<Expression> keys, List<List<Integer>> sets, List<Expression> results, LogicalPlan child)
      implements Unary {
    public GroupedBySets {
      keys = List.copyOf(keys);
      sets = List.copyOf(sets);
      results = List.copyOf(results);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new GroupedBySets(keys, sets, results, child);
    }
  }

  /**
   * The child's columns and, beside them, functions over windows of one partitioning and order.
   * Partitions, sort keys and what the functions take are columns of the child.
   *
   * @param calls each of an {@link Expression.Over}
   */
  record OverWindow(List<Alias> calls, LogicalPlan child) implements Unary {
    public OverWindow {
      calls = List.copyOf(calls);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new OverWindow(calls, child);
    }

    @Override
    public List<Attribute> output() {
      List<Attribute> all = new ArrayList<>(child.output());
      calls.forEach(call -> all.add(attributeOf(call)));
      return all;
    }
  }

  /** Rows in order. */
  record Sort(List<SortOrder> orders, LogicalPlan child) implements Unary {
    public Sort {
      orders = List.copyOf(orders);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new Sort(orders, child);
    }
  }

  /** The first {@code count} rows. */
  record Limit(long count, LogicalPlan child) implements Unary {
    @Override
    public Unary withChild(LogicalPlan child) {
      return new Limit(count, child);
    }
  }

  /**
   * Each combination of the keys once; {@code keys} empty means all columns.
   *
   * @param withinWatermark whether duplicates only count as such within the watermark delay
   */
  record Deduplicate(List<Expression> keys, boolean withinWatermark, LogicalPlan child)
      implements Unary {
    public Deduplicate {
      keys = List.copyOf(keys);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new Deduplicate(keys, withinWatermark, child);
    }
  }

  /**
   * {@code SELECT DISTINCT} of a stream, whose meaning depends on the output mode: see {@code
   * StreamingDistinct}. Over bounded input it is a {@link Deduplicate} once analyzed.
   */
  record Distinct(LogicalPlan child) implements Unary {
    @Override
    public Unary withChild(LogicalPlan child) {
      return new Distinct(child);
    }
  }

  /**
   * Declares the event-time column of a stream and how late its rows may be.
   *
   * @param nodeId tells declarations apart: copies of one, in several branches of a plan, have the
   *     same; unique in this process
   */
  record EventTimeWatermark(long nodeId, Expression column, long delayMicros, LogicalPlan child)
      implements Unary {
    /** A declaration of its own. */
    public EventTimeWatermark(Expression column, long delayMicros, LogicalPlan child) {
      this(Expression.newId(), column, delayMicros, child);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new EventTimeWatermark(nodeId, column, delayMicros, child);
    }

    @Override
    public List<Attribute> output() {
      if (!(column instanceof Attribute eventTime)) {
        throw new IllegalStateException("watermark column must be resolved: " + column.sql());
      }
      return child().output().stream()
          .map(attribute ->
              new Attribute(
                  attribute.id(),
                  attribute.name(),
                  attribute.type(),
                  attribute.nullable(),
                  attribute.id() == eventTime.id() ? delayMicros : Attribute.NO_EVENT_TIME))
          .toList();
    }
  }

  /**
   * Lets all rows pass, and computes metrics of those of each batch.
   *
   * @param nodeId tells observations apart: copies of one, in several branches of a plan, have the
   *     same; unique in this process
   * @param metrics named aggregates over the rows
   */
  record Observe(long nodeId, String name, List<Expression> metrics, LogicalPlan child)
      implements Unary {
    public Observe {
      metrics = List.copyOf(metrics);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new Observe(nodeId, name, metrics, child);
    }
  }

  /** The child's columns and, for each of its rows, the generator's rows beside them. */
  record Generate(GeneratorCall generator, List<Attribute> generated, LogicalPlan child)
      implements Unary {
    public Generate {
      generated = List.copyOf(generated);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new Generate(generator, generated, child);
    }

    @Override
    public List<Attribute> output() {
      List<Attribute> all = new ArrayList<>(child.output());
      all.addAll(generated);
      return all;
    }
  }

  /**
   * One copy of each row for each event-time window it falls into (rows without a time fall into
   * none), the window's start beside the child's columns. Made from a {@link TimeWindow} in a
   * grouping or projection.
   *
   * @param column the start of the window, of the type of the window's time
   */
  record ExpandWindows(TimeWindow window, Attribute column, LogicalPlan child) implements Unary {
    @Override
    public Unary withChild(LogicalPlan child) {
      return new ExpandWindows(window, column, child);
    }

    @Override
    public List<Attribute> output() {
      List<Attribute> all = new ArrayList<>(child.output());
      all.add(column);
      return all;
    }
  }

  /**
   * What a function of the program makes of each row.
   *
   * @param reads the child's columns that hold the function's input, in the order of its parts
   * @param generated the columns that hold what it gives; none if it only keeps rows
   */
  record TypedRows(
      TypedFunction function, List<Attribute> reads, List<Attribute> generated, LogicalPlan child)
      implements Unary {
    public TypedRows {
      reads = List.copyOf(reads);
      generated = List.copyOf(generated);
    }

    @Override
    public Unary withChild(LogicalPlan child) {
      return new TypedRows(function, reads, generated, child);
    }

    @Override
    public List<Attribute> output() {
      if (!function.keepsInput()) {
        return generated;
      }
      List<Attribute> all = new ArrayList<>(child.output());
      all.addAll(generated);
      return all;
    }
  }

  /** Names the columns below, so that {@code name.column} finds them. */
  record SubqueryAlias(String name, LogicalPlan child) implements Unary {
    @Override
    public Unary withChild(LogicalPlan child) {
      return new SubqueryAlias(name, child);
    }
  }

  // ---- state functions ----------------------------------------------------------------------

  /**
   * What a function of the program makes of the rows of each key and the state that it keeps.
   *
   * @param keys the child's columns that hold the key
   * @param reads the child's columns that hold the function's rows, in the order of their parts
   * @param generated the columns that hold what it gives
   * @param mode which of its rows it gives to the query
   * @param initial what it has kept of keys before the first batch, or null
   */
  record GroupsWithState(
      StateFunction function,
      List<Attribute> keys,
      List<Attribute> reads,
      List<Attribute> generated,
      OutputMode mode,
      LogicalPlan child,
      @Nullable KeyedRows initial)
      implements LogicalPlan {
    public GroupsWithState {
      keys = List.copyOf(keys);
      reads = List.copyOf(reads);
      generated = List.copyOf(generated);
    }

    @Override
    public List<LogicalPlan> children() {
      return initial == null ? List.of(child) : List.of(child, initial.plan());
    }

    @Override
    public LogicalPlan withChildren(List<LogicalPlan> children) {
      KeyedRows given =
          initial == null
              ? null
              : new KeyedRows(initial.keys(), initial.reads(), children.getLast());
      return new GroupsWithState(
          function, keys, reads, generated, mode, children.getFirst(), given);
    }

    @Override
    public List<Attribute> output() {
      return generated;
    }

    /** Whether groups of a stream are kept from batch to batch. */
    @Override
    public boolean isStreaming() {
      return child.isStreaming();
    }
  }

  /**
   * Rows with a key.
   *
   * @param keys the plan's columns that hold the key
   * @param reads the plan's columns that hold the row's object, in the order of its parts
   */
  record KeyedRows(List<Attribute> keys, List<Attribute> reads, LogicalPlan plan) {
    public KeyedRows {
      keys = List.copyOf(keys);
      reads = List.copyOf(reads);
    }
  }

  // ---- several inputs -----------------------------------------------------------------------

  /**
   * A join.
   *
   * @param condition a boolean over both sides' columns, or null
   * @param using names of columns that must be equal and appear once in the output; empty once
   *     resolved
   */
  record Join(
      LogicalPlan left,
      LogicalPlan right,
      JoinType type,
      @Nullable Expression condition,
      List<String> using)
      implements LogicalPlan {
    public Join {
      using = List.copyOf(using);
    }

    @Override
    public List<LogicalPlan> children() {
      return List.of(left, right);
    }

    @Override
    public LogicalPlan withChildren(List<LogicalPlan> children) {
      return new Join(children.get(0), children.get(1), type, condition, using);
    }

    @Override
    public List<Attribute> output() {
      boolean leftNullable = type == JoinType.RIGHT_OUTER || type == JoinType.FULL_OUTER;
      boolean rightNullable = type == JoinType.LEFT_OUTER || type == JoinType.FULL_OUTER;
      List<Attribute> all = new ArrayList<>();
      for (Attribute column : left.output()) {
        all.add(leftNullable ? column.withNullable(true) : column);
      }
      if (type != JoinType.LEFT_SEMI && type != JoinType.LEFT_ANTI) {
        for (Attribute column : right.output()) {
          all.add(rightNullable ? column.withNullable(true) : column);
        }
      }
      return all;
    }
  }

  /**
   * All rows of all inputs.
   *
   * @param output the columns of the result; the inputs' columns correspond by position once
   *     resolved
   * @param byName whether columns are matched by name; false once resolved
   * @param allowMissing whether, by name, a column that an input lacks is null there
   */
  record Union(
      List<LogicalPlan> children, List<Attribute> output, boolean byName, boolean allowMissing)
      implements LogicalPlan {
    public Union {
      children = List.copyOf(children);
      output = List.copyOf(output);
    }

    @Override
    public LogicalPlan withChildren(List<LogicalPlan> children) {
      return new Union(children, output, byName, allowMissing);
    }
  }

  /** The column that a resolved output expression gives. */
  static Attribute attributeOf(Expression column) {
    return switch (column) {
      case Attribute attribute -> attribute;
      case Alias alias ->
          new Attribute(
              alias.id(),
              alias.name(),
              alias.type(),
              alias.nullable(),
              EventTimeMark.delayMicros(alias.child()));
      default -> throw new IllegalStateException("output column must be named: " + column.sql());
    };
  }
}
