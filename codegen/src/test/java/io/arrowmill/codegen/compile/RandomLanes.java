package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.ir.PhysicalType.BOOL;
import static io.arrowmill.codegen.ir.PhysicalType.F32;
import static io.arrowmill.codegen.ir.PhysicalType.F64;
import static io.arrowmill.codegen.ir.PhysicalType.I32;
import static io.arrowmill.codegen.ir.PhysicalType.I64;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.BitwiseOp;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.ir.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes random expressions all of whose nodes have lanes. */
final class RandomLanes {

  static final List<PhysicalType> TYPES = List.of(BOOL, I32, I64, F32, F64);

  private static final Site SITE = new Site("random");

  private final RandomGenerator random;
  private final List<TestColumn> columns;
  private final RandomValues values;
  private final boolean fails;

  /**
   * A generator over columns.
   *
   * @param fails whether expressions may have errors
   */
  RandomLanes(RandomGenerator random, List<TestColumn> columns, boolean fails) {
    this.random = random;
    this.columns = columns;
    this.values = new RandomValues(random);
    this.fails = fails;
  }

  Ir next(PhysicalType type, int depth) {
    if (depth <= 0 || random.nextInt(10) == 0) {
      return leaf(type);
    }
    return switch (random.nextInt(9)) {
      case 0 ->
          new Ir.If(type, next(BOOL, depth - 1), next(type, depth - 1), next(type, depth - 1));
      case 1 -> new Ir.Coalesce(type, List.of(next(type, depth - 1), next(type, depth - 1)));
      case 2 ->
          new Ir.Extremum(
              random.nextBoolean(), type, List.of(next(type, depth - 1), next(type, depth - 1)));
      case 3 -> new Ir.Cast(next(pick(TYPES), depth - 1), type, onError(), SITE);
      default -> type == BOOL ? nextBool(depth) : nextNumber(type, depth);
    };
  }

  private OnError onError() {
    return fails && random.nextInt(4) == 0
        ? OnError.FAIL
        : random.nextBoolean() ? OnError.NULL : OnError.WRAP;
  }

  private Ir leaf(PhysicalType type) {
    if (random.nextInt(4) == 0) {
      return new Ir.Const(type, random.nextInt(8) == 0 ? null : values.next(type));
    }
    List<Integer> candidates = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).type() == type) {
        candidates.add(i);
      }
    }
    int column = candidates.get(random.nextInt(candidates.size()));
    boolean nullable = columns.get(column).values().contains(null) || random.nextBoolean();
    return new Ir.Input(column, type, nullable);
  }

  private Ir nextBool(int depth) {
    PhysicalType operand = pick(TYPES);
    return switch (random.nextInt(9)) {
      case 0 -> new Ir.And(next(BOOL, depth - 1), next(BOOL, depth - 1));
      case 1 -> new Ir.Or(next(BOOL, depth - 1), next(BOOL, depth - 1));
      case 2 -> new Ir.Not(next(BOOL, depth - 1));
      case 3 -> new Ir.IsNull(next(operand, depth - 1));
      case 4 -> new Ir.IsNotNull(next(operand, depth - 1));
      case 5 -> new Ir.NullSafeEqual(next(operand, depth - 1), next(operand, depth - 1));
      case 6 -> new Ir.In(next(operand, depth - 1), constants(operand));
      default ->
          new Ir.Compare(
              pick(List.of(CompareOp.values())),
              next(operand, depth - 1),
              next(operand, depth - 1));
    };
  }

  private List<Ir.Const> constants(PhysicalType type) {
    List<Ir.Const> constants = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(LaneCompare.CONSTANTS_MAX); i++) {
      constants.add(new Ir.Const(type, random.nextInt(10) == 0 ? null : values.next(type)));
    }
    return constants;
  }

  private Ir nextNumber(PhysicalType type, int depth) {
    if (random.nextInt(5) == 0) {
      return call(type, depth);
    }
    if (random.nextInt(5) == 0) {
      UnaryOp op = pick(List.of(UnaryOp.values()));
      return type.isFloating() && op == UnaryOp.BIT_NOT
          ? leaf(type)
          : new Ir.Unary(op, type, next(type, depth - 1), onError(), SITE);
    }
    if (type.isInteger() && random.nextInt(4) == 0) {
      BitwiseOp op = pick(List.of(BitwiseOp.values()));
      Ir right = op.shifts() ? new Ir.Const(I32, random.nextInt(200) - 100) : next(type, depth - 1);
      return new Ir.Bitwise(op, type, next(type, depth - 1), right);
    }
    ArithmeticOp op =
        type.isFloating()
            ? pick(
                List.of(
                    ArithmeticOp.ADD,
                    ArithmeticOp.SUBTRACT,
                    ArithmeticOp.MULTIPLY,
                    ArithmeticOp.DIVIDE))
            : pick(List.of(ArithmeticOp.ADD, ArithmeticOp.SUBTRACT, ArithmeticOp.MULTIPLY));
    Ir.Arithmetic node =
        new Ir.Arithmetic(op, type, next(type, depth - 1), next(type, depth - 1), onError(), SITE);
    return LaneArithmetic.has(node)
        ? node
        : new Ir.Arithmetic(
            op,
            type,
            next(type, depth - 1),
            new Ir.Const(type, values.next(type)),
            OnError.NULL,
            SITE);
  }

  private Ir call(PhysicalType type, int depth) {
    return switch (type) {
      case I32 ->
          switch (random.nextInt(6)) {
            case 0 -> call(Function.HOUR, next(I64, depth - 1));
            case 1 -> call(Function.MINUTE, next(I64, depth - 1));
            case 2 -> call(Function.SECOND, next(I64, depth - 1));
            case 3 -> call(Function.TIMESTAMP_TO_DATE, next(I64, depth - 1));
            case 4 -> call(Function.DATE_DIFF, next(I32, depth - 1), next(I32, depth - 1));
            default ->
                fails
                    ? call(Function.DATE_ADD, next(I32, depth - 1), next(I32, depth - 1))
                    : leaf(type);
          };
      case I64 ->
          switch (random.nextInt(3)) {
            case 0 -> call(Function.TIMESTAMP_TO_SECONDS, next(I64, depth - 1));
            case 1 -> call(Function.DATE_TO_TIMESTAMP, next(I32, depth - 1));
            default ->
                call(
                    Function.WINDOW_START,
                    // Far from the ends of long, where a window has no start.
                    new Ir.Bitwise(
                        BitwiseOp.SHIFT_RIGHT,
                        I64,
                        next(I64, depth - 1),
                        new Ir.Const(I32, 4 + random.nextInt(30))),
                    new Ir.Const(I64, random.nextLong(4096, 1L << (13 + random.nextInt(40)))),
                    new Ir.Const(I64, random.nextLong(-5, 1_000_000)));
          };
      case F64 -> call(Function.SQRT, next(F64, depth - 1));
      default -> leaf(type);
    };
  }

  private static Ir call(Function function, Ir... operands) {
    return new Ir.Call(function, List.of(operands), SITE);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
