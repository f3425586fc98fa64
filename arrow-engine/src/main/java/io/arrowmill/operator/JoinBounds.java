package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.types.DataTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of a timestamp of one side of a join with one of the other, plus or minus a constant:
 * with these most pairs of rows that don't match are told before any column of them is copied. What
 * passes still has to be held against the whole condition.
 */
final class JoinBounds {
  private JoinBounds() {}

  /**
   * A comparison, solved for the stored row's column: {@code own + offset < stored}, or {@code
   * stored < own + offset}.
   *
   * @param own position in the batch
   * @param stored position among the columns stored of the other side
   * @param isLower whether the stored value must be the greater one
   * @param isStrict whether they must differ
   */
  record Bound(int own, int stored, long offsetMicros, boolean isLower, boolean isStrict) {
    /**
     * Says of pairs that do not fit that they don't; a sum that overflows, which hardly ever
     * happens, leaves that to the condition. Whether a pair fits one bound can't be foretold, so no
     * branch depends on it.
     *
     * @param ownTimes address of the values of new rows, int64
     * @param rows of each pair the new row
     * @param storedTimes of each pair the stored row's value
     */
    void narrow(long ownTimes, int[] rows, long[] storedTimes, boolean[] fits, int count) {
      for (int i = 0; i < count; i++) {
        long own = getLong(ownTimes + 8L * rows[i]);
        long limit = own + offsetMicros;
        long stored = storedTimes[i];
        boolean overflows = ((own ^ limit) & (offsetMicros ^ limit)) < 0;
        long smaller = isLower ? limit : stored;
        long greater = isLower ? stored : limit;
        boolean holds = isStrict ? smaller < greater : smaller <= greater;
        fits[i] &= holds || overflows;
      }
    }
  }

  /** The bounds that a condition, which must hold, sets for pairs of a row of a side. */
  static List<Bound> of(StreamJoinPlan plan, boolean isLeft) {
    List<Bound> bounds = new ArrayList<>();
    add(plan.residual(), plan.side(isLeft), plan.side(!isLeft), bounds);
    return bounds;
  }

  private static void add(
      @Nullable Expression condition,
      StreamJoinSide own,
      StreamJoinSide other,
      List<Bound> bounds) {
    if (!(condition instanceof Call call)) {
      return;
    }
    if (call.name().equals("and")) {
      call.arguments().forEach(part -> add(part, own, other, bounds));
      return;
    }
    boolean isLess = call.name().equals("<") || call.name().equals("<=");
    if (!isLess && !call.name().equals(">") && !call.name().equals(">=")) {
      return;
    }
    Term smaller = Term.of(call.arguments().get(isLess ? 0 : 1));
    Term greater = Term.of(call.arguments().get(isLess ? 1 : 0));
    if (smaller == null
        || greater == null
        || !smaller.column().type().equals(greater.column().type())) {
      return;
    }
    boolean isStrict = !call.name().endsWith("=");
    int smallerOwn = own.position(smaller.column());
    int greaterOwn = own.position(greater.column());
    int smallerStored = other.position(smaller.column());
    int greaterStored = other.position(greater.column());
    if (smallerOwn >= 0 && greaterStored >= 0) {
      long offset = smaller.micros() - greater.micros();
      bounds.add(new Bound(smallerOwn, greaterStored, offset, true, isStrict));
    } else if (greaterOwn >= 0 && smallerStored >= 0) {
      long offset = greater.micros() - smaller.micros();
      bounds.add(new Bound(greaterOwn, smallerStored, offset, false, isStrict));
    }
  }

  /** A timestamp column plus a constant of less than a thousand years. */
  private record Term(Attribute column, long micros) {
    private static final long MICROS_MAX = 1_000L * 366 * 86_400 * 1_000_000;

    static @Nullable Term of(Expression value) {
      if (value instanceof Attribute column) {
        boolean isTime = column.type().isOneOf(DataTypes.TIMESTAMP, DataTypes.TIMESTAMP_NTZ);
        return isTime ? new Term(column, 0) : null;
      }
      if (!(value instanceof Call call) || call.arguments().size() != 2) {
        return null;
      }
      boolean isMinus = call.name().equals("-");
      if (!isMinus && !call.name().equals("+")) {
        return null;
      }
      Term time = of(call.arguments().get(0));
      if (time == null
          || !(call.arguments().get(1) instanceof Literal literal)
          || !(literal.value() instanceof Duration duration)
          || duration.abs().compareTo(Duration.ofSeconds(MICROS_MAX / 1_000_000)) > 0) {
        return null;
      }
      long micros = duration.toNanos() / 1_000;
      long sum = time.micros() + (isMinus ? -micros : micros);
      return Math.abs(sum) > MICROS_MAX ? null : new Term(time.column(), sum);
    }
  }
}
