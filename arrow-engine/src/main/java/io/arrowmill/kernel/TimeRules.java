package io.arrowmill.kernel;

import static io.arrowmill.codegen.ir.PhysicalType.F64;
import static io.arrowmill.codegen.ir.PhysicalType.I64;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.kernel.CallRules.Node;
import io.arrowmill.kernel.CallRules.Rule;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataTypes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dates, timestamps, day-time intervals and event-time windows. */
final class TimeRules {
  private static final double MICROS_PER_SECOND = 1_000_000.0;

  private TimeRules() {}

  static void register(Map<String, Rule> rules) {
    Function[] ofDates = {Function.YEAR, Function.QUARTER, Function.MONTH, Function.WEEKDAY};
    for (Function function : ofDates) {
      rules.put(function.name().toLowerCase(Locale.ROOT), node -> ofDate(node, function));
    }
    rules.put("day", node -> ofDate(node, Function.DAY_OF_MONTH));
    rules.put("dayofyear", node -> ofDate(node, Function.DAY_OF_YEAR));
    rules.put("dayofweek", node -> ofDate(node, Function.DAY_OF_WEEK));
    rules.put("weekofyear", node -> ofDate(node, Function.WEEK_OF_YEAR));
    rules.put("hour", node -> ofClock(node, Function.HOUR));
    rules.put("minute", node -> ofClock(node, Function.MINUTE));
    rules.put("second", node -> ofClock(node, Function.SECOND));
    rules.put("date_add", node -> days(node, "dateAdd"));
    rules.put("date_sub", node -> days(node, "dateSub"));
    rules.put("datediff", TimeRules::dateDifference);
    rules.put("date_trunc", TimeRules::truncated);
    rules.put("unix_micros", node -> node.operand(0));
    rules.put("timestamp_micros", node -> node.operand(0));
    rules.put("unix_millis", node -> node.call(Function.TIMESTAMP_TO_MILLIS, node.operand(0)));
    rules.put("unix_seconds", node -> node.call(Function.TIMESTAMP_TO_SECONDS, node.operand(0)));
    rules.put("timestamp_millis", node -> ofUnits(node, Function.MILLIS_TO_TIMESTAMP));
    rules.put("timestamp_seconds", node -> ofUnits(node, Function.SECONDS_TO_TIMESTAMP));
  }

  static boolean isTime(DataType type) {
    return type.isOneOf(DataTypes.DATE, DataTypes.TIMESTAMP, DataTypes.TIMESTAMP_NTZ);
  }

  private static boolean isTimestamp(DataType type) {
    return type.isOneOf(DataTypes.TIMESTAMP, DataTypes.TIMESTAMP_NTZ);
  }

  /** The start (0) or end (1) of the one window that holds a time. */
  static Ir window(TimeWindow window, int ordinal, Ir time) {
    Site site = new Site(window.sql());
    Ir start =
        new Ir.Call(
            Function.WINDOW_START,
            List.of(
                time,
                new Ir.Const(I64, window.slideMicros()),
                new Ir.Const(I64, window.startMicros())),
            site);
    return ordinal == 0
        ? start
        : new Ir.Arithmetic(
            ArithmeticOp.ADD,
            I64,
            start,
            new Ir.Const(I64, window.lengthMicros()),
            OnError.WRAP,
            site);
  }

  /** {@code +} and {@code -} of timestamps and day-time intervals. */
  static @Nullable Ir sum(Node node, String method) {
    DataType left = node.operandType(0);
    DataType right = node.operandType(1);
    DataType interval = AtomicType.DAY_TIME_INTERVAL;
    boolean supported =
        ((left.equals(DataTypes.TIMESTAMP) || left.equals(interval)) && right.equals(interval))
            || (method.equals("subtract") && isTimestamp(left) && left.equals(right));
    boolean reversed =
        method.equals("add") && left.equals(interval) && right.equals(DataTypes.TIMESTAMP);
    return supported || reversed
        ? node.invoke(TimeKernels.class, method, I64, node.operand(0), node.operand(1))
        : null;
  }

  static Ir secondsWithFraction(Node node, Ir timestamp) {
    return new Ir.Arithmetic(
        ArithmeticOp.DIVIDE,
        F64,
        node.widened(timestamp, F64),
        new Ir.Const(F64, MICROS_PER_SECOND),
        OnError.FAIL,
        node.site());
  }

  private static @Nullable Ir ofDate(Node node, Function function) {
    return node.operandType(0).equals(DataTypes.DATE) ? node.call(function, node.operand(0)) : null;
  }

  private static boolean showsClock(Node node, int operand) {
    DataType type = node.operandType(operand);
    return type.equals(DataTypes.TIMESTAMP_NTZ)
        || (type.equals(DataTypes.TIMESTAMP) && node.isUtc());
  }

  private static @Nullable Ir ofClock(Node node, Function function) {
    return showsClock(node, 0) ? node.call(function, node.operand(0)) : null;
  }

  private static @Nullable Ir days(Node node, String method) {
    return node.operandType(0).equals(DataTypes.DATE) && node.operand(1).type() == PhysicalType.I32
        ? node.invoke(TimeKernels.class, method, PhysicalType.I32, node.operand(0), node.operand(1))
        : null;
  }

  private static @Nullable Ir dateDifference(Node node) {
    return node.operandType(0).equals(DataTypes.DATE) && node.operandType(1).equals(DataTypes.DATE)
        ? node.call(Function.DATE_DIFF, node.operand(0), node.operand(1))
        : null;
  }

  /** {@code date_trunc} to a unit of constant length: the start of a window of that length. */
  private static @Nullable Ir truncated(Node node) {
    if (!(node.literal(0) instanceof String unit)
        || !showsClock(node, 1)
        || !node.type().equals(node.operandType(1))) {
      return null;
    }
    long micros =
        switch (unit.toUpperCase(Locale.ROOT)) {
          case "DAY", "DD" -> 86_400_000_000L;
          case "HOUR" -> 3_600_000_000L;
          case "MINUTE" -> 60_000_000L;
          case "SECOND" -> 1_000_000L;
          case "MILLISECOND" -> 1_000L;
          case "MICROSECOND" -> 1L;
          default -> 0L;
        };
    return micros == 0
        ? null
        : node.call(
            Function.WINDOW_START,
            node.operand(1),
            new Ir.Const(I64, micros),
            new Ir.Const(I64, 0L));
  }

  private static @Nullable Ir ofUnits(Node node, Function function) {
    return node.operandType(0).isIntegral()
        ? node.call(function, node.widened(node.operand(0), I64))
        : null;
  }
}
