package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.ir.PhysicalType.F64;
import static io.arrowmill.codegen.ir.PhysicalType.I32;
import static io.arrowmill.codegen.ir.PhysicalType.I64;

import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.util.Objects;

/** Dates, timestamps and windows in lanes. */
final class LaneTime {

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

  /**
   * The least divisor for which a quotient computed in doubles is off by less than one: it is at
   * most 2^63 / divisor, and three roundings put it off by at most 3 parts in 2^53 of that.
   */
  private static final long DIVISOR_MIN = 4096;

  /** Remainders are corrected by the divisor, which must not overflow. */
  private static final long DIVISOR_MAX = 1L << 60;

  private LaneTime() {}

  static boolean has(Ir.Call node) {
    return switch (node.function()) {
      case WINDOW_START ->
          LaneEmitter.constantOf(node.operands().get(1)) instanceof Long slide
              && slide >= DIVISOR_MIN
              && slide <= DIVISOR_MAX
              && LaneEmitter.constantOf(node.operands().get(2)) instanceof Long;
      case DATE_TO_TIMESTAMP,
          TIMESTAMP_TO_DATE,
          DATE_DIFF,
          DATE_ADD,
          TIMESTAMP_TO_SECONDS,
          HOUR,
          MINUTE,
          SECOND,
          SQRT,
          IS_NAN ->
          true;
      default -> false;
    };
  }

  static LaneValue emit(LaneEmitter m, Ir.Call node, int live) {
    LaneValue first = m.emit(node.operands().getFirst(), live);
    return switch (node.function()) {
      case WINDOW_START -> windowStart(m, node, first, live);
      case DATE_TO_TIMESTAMP -> midnight(m, first);
      case TIMESTAMP_TO_DATE -> {
        m.lanes().load(floorDivide(m, first, MICROS_PER_DAY).quotient());
        m.lanes().cast(I32);
        yield m.store(I32, first.nulls());
      }
      case TIMESTAMP_TO_SECONDS -> {
        LaneValue seconds = floorDivide(m, first, MICROS_PER_SECOND).quotient();
        yield new LaneValue(I64, seconds.slot(), first.nulls());
      }
      case HOUR -> clock(m, first, MICROS_PER_DAY, 3600 * MICROS_PER_SECOND);
      case MINUTE -> clock(m, first, 3600 * MICROS_PER_SECOND, 60 * MICROS_PER_SECOND);
      case SECOND -> clock(m, first, 60 * MICROS_PER_SECOND, MICROS_PER_SECOND);
      case SQRT -> {
        m.lanes().load(first);
        m.lanes().unary(F64, "sqrt");
        yield m.store(F64, first.nulls());
      }
      case IS_NAN -> {
        m.lanes().load(first);
        m.lanes().load(first);
        m.lanes().compare(F64, "NE");
        yield m.store(PhysicalType.BOOL, first.nulls());
      }
      default -> days(m, node, first, live);
    };
  }

  /* timestamp - floorMod(timestamp - offset, slide), an error where a difference overflows */
  private static LaneValue windowStart(LaneEmitter m, Ir.Call node, LaneValue timestamp, int live) {
    LaneCode lanes = m.lanes();
    long slide = (Long) constant(node, 1);
    long offset = (Long) constant(node, 2);
    lanes.load(timestamp);
    lanes.load(timestamp);
    lanes.broadcast(I64, offset);
    lanes.binary(I64, "sub");
    LaneValue shifted = m.store(I64, LaneValue.NEVER);
    lanes.load(floorDivide(m, shifted, slide).remainder());
    lanes.binary(I64, "sub");
    LaneValue start = m.store(I64, timestamp.nulls());
    lanes.load(start);
    lanes.load(timestamp);
    lanes.compare(I64, "GT");
    m.flag(live, timestamp.nulls());
    if (offset != 0) {
      lanes.load(shifted);
      lanes.load(timestamp);
      lanes.compare(I64, offset > 0 ? "GT" : "LT");
      m.flag(live, timestamp.nulls());
    }
    return start;
  }

  /* (long) date * MICROS_PER_DAY */
  private static LaneValue midnight(LaneEmitter m, LaneValue date) {
    m.lanes().load(date);
    m.lanes().cast(I64);
    m.lanes().broadcast(I64, MICROS_PER_DAY);
    m.lanes().binary(I64, "mul");
    return m.store(I64, date.nulls());
  }

  /** DATE_ADD, which can overflow, and DATE_DIFF, which wraps. */
  private static LaneValue days(LaneEmitter m, Ir.Call node, LaneValue first, int live) {
    LaneCode lanes = m.lanes();
    Ir secondNode = node.operands().get(1);
    int secondLive =
        first.nullable() && LaneSupport.mayFail(secondNode)
            ? LaneArithmetic.notNull(m, first, live)
            : live;
    LaneValue second = m.emit(secondNode, secondLive);
    int nulls = m.anyNull(first, second);
    lanes.load(first);
    lanes.load(second);
    boolean adds = node.function() == Function.DATE_ADD;
    lanes.binary(I32, adds ? "add" : "sub");
    LaneValue result = m.store(I32, nulls);
    if (adds) {
      lanes.load(first);
      lanes.load(result);
      lanes.xor(I32);
      lanes.load(second);
      lanes.load(result);
      lanes.xor(I32);
      lanes.binary(I32, "and");
      lanes.compare(I32, "LT", 0);
      m.flag(live, nulls);
    }
    return result;
  }

  /* (int) (floorMod(timestamp, cycle) / unit) */
  private static LaneValue clock(LaneEmitter m, LaneValue timestamp, long cycle, long unit) {
    LaneValue rest = floorDivide(m, timestamp, cycle).remainder();
    m.lanes().load(floorDivide(m, rest, unit).quotient());
    m.lanes().cast(I32);
    return m.store(I32, timestamp.nulls());
  }

  private static Object constant(Ir.Call node, int operand) {
    return Objects.requireNonNull(LaneEmitter.constantOf(node.operands().get(operand)));
  }

  private record Division(LaneValue quotient, LaneValue remainder) {}

  /**
   * Division rounded down. The quotient is first taken from doubles, which puts it off by less than
   * one and cuts it off towards zero; the remainder then says by how much.
   *
   * <pre>
   * quotient = (long) ((double) value * (1.0 / divisor));
   * remainder = value - quotient * divisor;              // exact, from -2 * divisor on
   * if (remainder &lt; 0) { remainder += divisor; quotient--; }   // twice
   * if (remainder &gt;= divisor) { remainder -= divisor; quotient++; }
   * </pre>
   */
  private static Division floorDivide(LaneEmitter m, LaneValue value, long divisor) {
    LaneCode lanes = m.lanes();
    lanes.load(value);
    lanes.cast(F64);
    lanes.broadcast(F64, 1.0 / divisor);
    lanes.binary(F64, "mul");
    lanes.cast(I64);
    LaneValue quotient = m.store(I64, LaneValue.NEVER);
    lanes.load(value);
    lanes.load(quotient);
    lanes.broadcast(I64, divisor);
    lanes.binary(I64, "mul");
    lanes.binary(I64, "sub");
    LaneValue remainder = m.store(I64, LaneValue.NEVER);
    Division division = new Division(quotient, remainder);
    division = corrected(m, division, divisor);
    division = corrected(m, division, divisor);
    // Too great is less than 0 once the divisor is taken off, so it is put back where it was not.
    lanes.load(division.remainder());
    lanes.broadcast(I64, divisor);
    lanes.binary(I64, "sub");
    remainder = m.store(I64, LaneValue.NEVER);
    lanes.load(division.quotient());
    lanes.broadcast(I64, 1L);
    lanes.binary(I64, "add");
    quotient = m.store(I64, LaneValue.NEVER);
    return corrected(m, new Division(quotient, remainder), divisor);
  }

  /* sign = remainder >> 63; remainder += divisor & sign; quotient += sign; */
  private static Division corrected(LaneEmitter m, Division division, long divisor) {
    LaneCode lanes = m.lanes();
    lanes.load(division.remainder());
    lanes.lanewise(I64, "ASHR", 63L);
    LaneValue sign = m.store(I64, LaneValue.NEVER);
    lanes.load(division.remainder());
    lanes.load(sign);
    lanes.broadcast(I64, divisor);
    lanes.binary(I64, "and");
    lanes.binary(I64, "add");
    LaneValue remainder = m.store(I64, LaneValue.NEVER);
    lanes.load(division.quotient());
    lanes.load(sign);
    lanes.binary(I64, "add");
    return new Division(m.store(I64, LaneValue.NEVER), remainder);
  }
}
