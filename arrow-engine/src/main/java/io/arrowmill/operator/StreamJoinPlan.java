package io.arrowmill.operator;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.streaming.OutputMode;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Joins two streams by equal keys: each side's rows are kept until the watermark says that nothing
 * can meet them any more.
 *
 * @param residual what else must hold of a pair of rows, or null
 * @param output columns of both sides' inputs, of the left side's for a semi-join
 */
public record StreamJoinPlan(
    int operatorId,
    JoinType type,
    StreamJoinSide left,
    StreamJoinSide right,
    @Nullable Expression residual,
    List<Attribute> output)
    implements StatefulPlan {

  public StreamJoinPlan {
    output = List.copyOf(output);
  }

  /** One of the sides. */
  public StreamJoinSide side(boolean isLeft) {
    return isLeft ? left : right;
  }

  /** The columns that {@link #residual} reads, those of the left side first. */
  List<Attribute> residualColumns() {
    if (residual == null) {
      return List.of();
    }
    Set<Long> read = PlanExpressions.references(residual);
    return Stream.concat(left.input().output().stream(), right.input().output().stream())
        .filter(column -> read.contains(column.id()))
        .map(column -> column.withNullable(true))
        .toList();
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return List.of(left.input(), right.input());
  }

  @Override
  public String operatorName() {
    return "symmetricHashJoin";
  }

  @Override
  public List<StateStorePlan> stores() {
    return List.of(
        new StateStorePlan.Rows("left", left.keys(), left.stored()),
        new StateStorePlan.Rows("right", right.keys(), right.stored()));
  }

  @Override
  public boolean runsOnWatermark(OutputMode mode) {
    return left.expiry() != null || right.expiry() != null;
  }

  @Override
  public boolean usesWatermark(OutputMode mode) {
    return true;
  }

  /** Rows that are still kept may be given later: the watermark stays behind them. */
  @Override
  public long outputWatermark(long inputMicros) {
    long least = inputMicros;
    for (StreamJoinSide side : List.of(left, right)) {
      if (side.expiry() != null) {
        least = Math.min(least, side.expiryMicros(inputMicros));
      }
    }
    return least;
  }

  @Override
  public @Nullable String unbounded(OutputMode mode) {
    return left.expiry() != null && right.expiry() != null
        ? null
        : "call withWatermark on both sides, and join by a range of their event times or by an"
            + " event-time column";
  }

  @Override
  public String fingerprint() {
    StringJoiner columns = new StringJoiner(", ", operatorName() + "=[" + type + ", ", "]");
    left.keys().forEach(key -> columns.add(key.name() + " " + key.type().sql()));
    right.keys().forEach(key -> columns.add(key.name() + " " + key.type().sql()));
    return columns.toString();
  }

  @Override
  public String describe() {
    return "StreamJoin "
        + type
        + " left"
        + left.keys().stream().map(Expression::sql).toList()
        + " right"
        + right.keys().stream().map(Expression::sql).toList()
        + (residual == null ? "" : " where " + residual.sql())
        + describeExpiry("left", left)
        + describeExpiry("right", right);
  }

  private static String describeExpiry(String name, StreamJoinSide side) {
    Attribute expiry = side.expiry();
    return expiry == null ? " " + name + "KeptForever" : " " + name + "Expiry=" + expiry.name();
  }
}
