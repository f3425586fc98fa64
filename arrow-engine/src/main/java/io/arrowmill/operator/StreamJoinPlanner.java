package io.arrowmill.operator;

import io.arrowmill.analysis.StateBounds;
import io.arrowmill.analysis.StateBounds.TimeBound;
import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Plans a join of two streams, whose condition has been split into equal keys and the rest. */
final class StreamJoinPlanner {
  private static final int WINDOW_END = 1;

  private final Join join;
  private final List<Expression> leftKeys;
  private final List<Expression> rightKeys;
  private @Nullable Expression leftOnly;
  private @Nullable Expression rightOnly;
  private @Nullable Expression residual;

  StreamJoinPlanner(
      Join join,
      List<Expression> leftKeys,
      List<Expression> rightKeys,
      @Nullable Expression residual) {
    this.join = join;
    this.leftKeys = leftKeys;
    this.rightKeys = rightKeys;
    Conjunctions.split(residual).forEach(this::assign);
  }

  private boolean leftPreserved() {
    return join.type() == JoinType.LEFT_OUTER || join.type() == JoinType.FULL_OUTER;
  }

  private boolean rightPreserved() {
    return join.type() == JoinType.RIGHT_OUTER || join.type() == JoinType.FULL_OUTER;
  }

  private void assign(Expression condition) {
    Set<Long> read = PlanExpressions.references(condition);
    if (leftPreserved() && PlanExpressions.outputIds(join.left()).containsAll(read)) {
      leftOnly = and(leftOnly, condition);
    } else if (rightPreserved() && PlanExpressions.outputIds(join.right()).containsAll(read)) {
      rightOnly = and(rightOnly, condition);
    } else {
      residual = and(residual, condition);
    }
  }

  private static Expression and(@Nullable Expression left, Expression right) {
    return left == null ? right : new Call("and", List.of(left, right), DataTypes.BOOLEAN, true);
  }

  /** The join over the planned sides. */
  PhysicalPlan plan(PhysicalPlan left, PhysicalPlan right, IntSupplier operatorIds) {
    int operatorId = operatorIds.getAsInt();
    StreamJoinSide leftSide = side(true, left);
    StreamJoinSide rightSide = side(false, right);
    List<Attribute> output = join.output();
    return new StreamJoinPlan(operatorId, join.type(), leftSide, rightSide, residual, output);
  }

  private StreamJoinSide side(boolean isLeft, PhysicalPlan input) {
    LogicalPlan logical = isLeft ? join.left() : join.right();
    Expression passes = isLeft ? leftOnly : rightOnly;
    List<Expression> columns = new ArrayList<>(input.output());
    List<Attribute> keys = new ArrayList<>();
    for (Expression key : isLeft ? leftKeys : rightKeys) {
      keys.add(column(JoinPlanner.flat(key), "join_key_" + keys.size(), columns));
    }
    Attribute passesColumn = passes == null ? null : column(passes, "join_passes", columns);
    Attribute eventTime = eventTime(logical, columns);
    Integer keyed = keyedByTime();
    Attribute keyTime =
        keyed == null ? null : time((isLeft ? leftKeys : rightKeys).get(keyed), columns);
    PhysicalPlan planned =
        columns.size() == input.output().size()
            ? input
            : new PhysicalPlan.FilterProjectPlan(
                null, columns, columns.stream().map(LogicalPlan::attributeOf).toList(), input);
    Attribute expiry = null;
    List<TimeBound> bounds = List.of();
    if (keyTime != null) {
      expiry = keyTime;
      bounds = List.of(new TimeBound(0, false));
    } else if (eventTime != null) {
      LogicalPlan other = isLeft ? join.right() : join.left();
      bounds = StateBounds.of(join.condition(), logical.output(), other.output());
      expiry = bounds.isEmpty() ? null : eventTime;
    }
    return new StreamJoinSide(
        planned,
        keys,
        compared(keys, planned.output()),
        passesColumn,
        eventTime,
        expiry,
        bounds,
        isLeft ? leftPreserved() : rightPreserved());
  }

  /** The keys, and what a comparison that must hold reads of this side. */
  private List<Attribute> compared(List<Attribute> keys, List<Attribute> columns) {
    Set<Long> ids = new HashSet<>();
    keys.forEach(key -> ids.add(key.id()));
    addCompared(join.condition(), ids);
    return columns.stream().filter(column -> ids.contains(column.id())).toList();
  }

  private static void addCompared(@Nullable Expression condition, Set<Long> ids) {
    if (condition instanceof Call call) {
      switch (call.name()) {
        case "and" -> call.arguments().forEach(part -> addCompared(part, ids));
        case "=", "<", "<=", ">", ">=" -> call.arguments().forEach(part -> addStrict(part, ids));
        default -> {}
      }
    }
  }

  /** Columns that make a value null by being null. */
  private static void addStrict(Expression value, Set<Long> ids) {
    switch (value) {
      case Attribute column -> ids.add(column.id());
      case Call call when call.name().equals("+") || call.name().equals("-") ->
          call.arguments().forEach(part -> addStrict(part, ids));
      default -> {}
    }
  }

  private static Attribute column(Expression value, String name, List<Expression> columns) {
    if (value instanceof Attribute column) {
      return column;
    }
    for (Expression known : columns) {
      if (known instanceof Alias alias && alias.child().equals(value)) {
        return LogicalPlan.attributeOf(alias);
      }
    }
    Alias computed = Alias.of(value, name);
    columns.add(computed);
    return LogicalPlan.attributeOf(computed);
  }

  /** Position of the first key that carries the watermark on either side, or null. */
  private @Nullable Integer keyedByTime() {
    for (List<Expression> keys : List.of(leftKeys, rightKeys)) {
      for (int i = 0; i < keys.size(); i++) {
        if (keys.get(i) instanceof Attribute column && isTime(column)) {
          return i;
        }
      }
    }
    return null;
  }

  private static @Nullable Attribute eventTime(LogicalPlan side, List<Expression> columns) {
    return side.output().stream()
        .filter(StreamJoinPlanner::isTime)
        .findFirst()
        .map(column -> time(column, columns))
        .orElse(null);
  }

  private static boolean isTime(Attribute column) {
    return column.isEventTime() && (isTimestamp(column.type()) || isWindow(column.type()));
  }

  private static boolean isTimestamp(DataType type) {
    return type.isOneOf(DataTypes.TIMESTAMP, DataTypes.TIMESTAMP_NTZ);
  }

  private static boolean isWindow(DataType type) {
    return type instanceof StructType struct
        && struct.size() == 2
        && isTimestamp(struct.field(WINDOW_END).type());
  }

  /** The instant by which a row is too late or given up: that itself, or the end of a window. */
  private static Attribute time(Expression value, List<Expression> columns) {
    return isWindow(value.type())
        ? column(new GetField(value, WINDOW_END), "join_window_end", columns)
        : column(value, "join_time", columns);
  }

  /** The columns that a narrower plan of the join must get from one side. */
  static Set<Long> reads(StreamJoinPlan plan, boolean isLeft, Set<Long> needed) {
    StreamJoinSide side = plan.side(isLeft);
    Set<Long> reads = new HashSet<>(needed);
    side.compared().forEach(column -> reads.add(column.id()));
    for (Attribute column : new Attribute[] {side.passes(), side.eventTime(), side.expiry()}) {
      if (column != null) {
        reads.add(column.id());
      }
    }
    PhysicalPlanner.addReferences(plan.residual(), reads);
    return reads;
  }
}
