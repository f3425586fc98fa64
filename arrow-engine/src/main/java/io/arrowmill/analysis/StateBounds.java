package io.arrowmill.analysis;

import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.PlanExpressions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Until when rows of one stream can find partners in another, by the condition that joins them.
 *
 * <p>A condition such as {@code clickTime <= impressionTime + interval 1 hour} bounds how long an
 * impression has to be kept: once no click before the watermark is to come, impressions of more
 * than an hour before it meet nothing any more. The rules are those of Spark's joins of streams: a
 * comparison by {@code <}, {@code <=}, {@code >} or {@code >=} is solved for the one column whose
 * rows are to be given up, in whole milliseconds.
 */
public final class StateBounds {
  private static final long MICROS_PER_MILLI = 1_000;

  private StateBounds() {}

  /**
   * One comparison, solved: rows up to the other side's watermark plus {@code offsetMicros} can be
   * given up.
   *
   * @param keepsEqual whether a row of exactly that time can still find a partner
   */
  public record TimeBound(long offsetMicros, boolean keepsEqual) {

    /** Rows whose time is at most this can be given up; microseconds. */
    public long micros(long watermarkMicros) {
      if (watermarkMicros == Long.MIN_VALUE) {
        return Long.MIN_VALUE;
      }
      long millis = Math.addExact(watermarkMicros, offsetMicros) / MICROS_PER_MILLI;
      return (keepsEqual ? millis - 1 : millis) * MICROS_PER_MILLI;
    }
  }

  /**
   * The bounds that a condition sets for the rows of one side; the least of them holds. Empty if it
   * sets none.
   *
   * @param side columns of the side whose rows are to be given up
   * @param other columns of the other side
   */
  public static List<TimeBound> of(
      @Nullable Expression condition, List<Attribute> side, List<Attribute> other) {
    List<TimeBound> bounds = new ArrayList<>();
    if (condition == null || other.stream().noneMatch(Attribute::isEventTime)) {
      return bounds;
    }
    Set<Long> sideIds = PlanExpressions.references(side);
    Set<Long> otherIds = PlanExpressions.references(other);
    for (Expression part : Conjunctions.split(condition)) {
      if (part instanceof Call call && call.arguments().size() == 2) {
        Expression left = call.arguments().get(0);
        Expression right = call.arguments().get(1);
        Long offset =
            switch (call.name()) {
              case "<", "<=" -> new Terms(sideIds, otherIds).offset(left, right);
              case ">", ">=" -> new Terms(sideIds, otherIds).offset(right, left);
              default -> null;
            };
        if (offset != null) {
          bounds.add(new TimeBound(offset, call.name().endsWith("=")));
        }
      }
    }
    return bounds;
  }

  /** The terms of {@code smaller - greater}, a sum in which each side's time may stand once. */
  private static final class Terms {
    private final Set<Long> side;
    private final Set<Long> other;
    private int sidePlus;
    private int sideMinus;
    private int otherPlus;
    private int otherMinus;
    private long constantMicros;

    Terms(Set<Long> side, Set<Long> other) {
      this.side = side;
      this.other = other;
    }

    /**
     * With {@code smaller < greater} solved to {@code other + constant < side}, that constant; null
     * if it can't be solved so.
     */
    @Nullable Long offset(Expression smaller, Expression greater) {
      boolean known = add(smaller, false) && add(greater, true);
      boolean solved =
          known && sideMinus == 1 && sidePlus == 0 && otherPlus == 1 && otherMinus == 0;
      return solved ? constantMicros : null;
    }

    private boolean add(Expression term, boolean negative) {
      return switch (term) {
        case Attribute column -> column(column, negative);
        case Literal literal -> {
          Long micros = micros(literal);
          if (micros != null) {
            constantMicros += negative ? -micros : micros;
          }
          yield micros != null;
        }
        case Cast cast when isTimeOrNumber(cast) -> add(cast.child(), negative);
        case Call call when call.name().equals("+") && call.arguments().size() == 2 ->
            add(call.arguments().get(0), negative) && add(call.arguments().get(1), negative);
        case Call call when call.name().equals("-") && call.arguments().size() == 2 ->
            add(call.arguments().get(0), negative) && add(call.arguments().get(1), !negative);
        case Call call when call.name().equals("negative") ->
            add(call.arguments().getFirst(), !negative);
        default -> false;
      };
    }

    private boolean column(Attribute column, boolean negative) {
      if (side.contains(column.id()) && Types.isTimestamp(column.type())) {
        sidePlus += negative ? 0 : 1;
        sideMinus += negative ? 1 : 0;
        return true;
      }
      if (other.contains(column.id()) && column.isEventTime()) {
        otherPlus += negative ? 0 : 1;
        otherMinus += negative ? 1 : 0;
        return true;
      }
      return false;
    }

    private static boolean isTimeOrNumber(Cast cast) {
      return Types.isTimestamp(cast.type()) && Types.isTimestamp(cast.child().type());
    }

    private static @Nullable Long micros(Literal literal) {
      return switch (literal.value()) {
        case Duration duration -> duration.toNanos() / 1_000;
        case Instant instant -> ChronoUnit.MICROS.between(Instant.EPOCH, instant);
        case LocalDateTime local ->
            ChronoUnit.MICROS.between(Instant.EPOCH, local.toInstant(ZoneOffset.UTC));
        case null, default -> null;
      };
    }
  }
}
