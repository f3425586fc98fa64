package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.ir.PhysicalType.BOOL;
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

/** Makes random expressions over given columns. */
final class RandomIr {

  private static final String[] PATTERNS = {
    "", "%", "_", "a%", "%a", "%b%", "abc", "a_c%", "%_c", "_%b%_", "%本_", "__", "\\%\\_", "%a%c"
  };
  private static final Site SITE = new Site("random");

  private final RandomGenerator random;
  private final List<TestColumn> columns;
  private final RandomValues values;

  RandomIr(RandomGenerator random, List<TestColumn> columns) {
    this.random = random;
    this.columns = columns;
    this.values = new RandomValues(random);
  }

  Ir next(PhysicalType type, int depth) {
    if (depth <= 0 || random.nextInt(12) == 0) {
      return leaf(type);
    }
    return switch (random.nextInt(8)) {
      case 0 ->
          new Ir.If(type, next(BOOL, depth - 1), next(type, depth - 1), next(type, depth - 1));
      case 1 -> new Ir.Coalesce(type, many(type, depth));
      case 2 -> new Ir.Extremum(random.nextBoolean(), type, many(type, depth));
      case 3 -> caseWhen(type, depth);
      default ->
          switch (type) {
            case BOOL -> nextBool(depth);
            case DECIMAL -> nextDecimal(depth);
            case BYTES -> random.nextInt(4) == 0 ? fromDecimal(type, depth) : call(type, depth);
            default -> nextNumber(type, depth);
          };
    };
  }

  private Ir caseWhen(PhysicalType type, int depth) {
    List<Ir.CaseWhen.Branch> branches = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      branches.add(new Ir.CaseWhen.Branch(next(BOOL, depth - 1), next(type, depth - 1)));
    }
    return new Ir.CaseWhen(type, branches, next(type, depth - 1));
  }

  private List<Ir> many(PhysicalType type, int depth) {
    List<Ir> operands = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      operands.add(next(type, depth - 1));
    }
    return operands;
  }

  private Ir leaf(PhysicalType type) {
    List<Integer> candidates = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).type() == type) {
        candidates.add(i);
      }
    }
    if (candidates.isEmpty() || random.nextInt(4) == 0) {
      return new Ir.Const(type, random.nextInt(8) == 0 ? null : values.next(type));
    }
    int column = candidates.get(random.nextInt(candidates.size()));
    boolean nullable = columns.get(column).values().contains(null) || random.nextBoolean();
    return new Ir.Input(column, type, nullable);
  }

  private Ir nextBool(int depth) {
    PhysicalType operand = pick(PhysicalType.values());
    return switch (random.nextInt(11)) {
      case 0, 1 -> new Ir.And(next(BOOL, depth - 1), next(BOOL, depth - 1));
      case 2, 3 -> new Ir.Or(next(BOOL, depth - 1), next(BOOL, depth - 1));
      case 4 -> new Ir.Not(next(BOOL, depth - 1));
      case 5 ->
          random.nextBoolean()
              ? new Ir.IsNull(next(operand, depth - 1))
              : new Ir.IsNotNull(next(operand, depth - 1));
      case 6 -> new Ir.NullSafeEqual(next(operand, depth - 1), next(operand, depth - 1));
      case 9 -> new Ir.Like(next(PhysicalType.BYTES, depth - 1), pick(PATTERNS), '\\');
      case 10 -> call(BOOL, depth);
      case 7 -> new Ir.In(next(operand, depth - 1), constants(operand));
      default ->
          new Ir.Compare(
              pick(CompareOp.values()), next(operand, depth - 1), next(operand, depth - 1));
    };
  }

  private List<Ir.Const> constants(PhysicalType type) {
    List<Ir.Const> constants = new ArrayList<>();
    int count = random.nextBoolean() ? 1 + random.nextInt(4) : 10 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      constants.add(new Ir.Const(type, random.nextInt(20) == 0 ? null : values.next(type)));
    }
    return constants;
  }

  private Ir nextNumber(PhysicalType type, int depth) {
    OnError onError = random.nextInt(10) == 0 ? OnError.FAIL : pick(OnError.NULL, OnError.WRAP);
    return switch (random.nextInt(7)) {
      case 6 -> fromDecimal(type, depth);
      case 0 -> {
        PhysicalType from =
            pick(BOOL, PhysicalType.I8, PhysicalType.I16, I32, I64, PhysicalType.F32, F64);
        yield new Ir.Cast(next(from, depth - 1), type, onError, SITE);
      }
      case 1 -> {
        UnaryOp op = type.isFloating() ? pick(UnaryOp.NEGATE, UnaryOp.ABS) : pick(UnaryOp.values());
        yield new Ir.Unary(op, type, next(type, depth - 1), onError, SITE);
      }
      case 2 -> type.isInteger() ? bitwise(type, depth) : call(type, depth);
      case 3 -> call(type, depth);
      default ->
          new Ir.Arithmetic(
              pick(ArithmeticOp.values()),
              type,
              next(type, depth - 1),
              next(type, depth - 1),
              onError,
              SITE);
    };
  }

  private Ir nextDecimal(int depth) {
    OnError onError = random.nextInt(10) == 0 ? OnError.FAIL : OnError.NULL;
    int precision = pick(3, 18, 20, 38);
    int scale = random.nextInt(Math.min(precision, 9) + 1);
    if (random.nextBoolean()) {
      return new Ir.DecimalArithmetic(
          pick(ArithmeticOp.values()),
          next(PhysicalType.DECIMAL, depth - 1),
          random.nextInt(6),
          next(PhysicalType.DECIMAL, depth - 1),
          random.nextInt(6),
          precision,
          scale,
          onError,
          SITE);
    }
    PhysicalType from =
        pick(
            PhysicalType.I16, I64, F64, PhysicalType.F32, PhysicalType.BYTES, PhysicalType.DECIMAL);
    int fromScale = from == PhysicalType.DECIMAL ? random.nextInt(6) : 0;
    return new Ir.DecimalCast(
        next(from, depth - 1), fromScale, PhysicalType.DECIMAL, precision, scale, onError, SITE);
  }

  private Ir fromDecimal(PhysicalType type, int depth) {
    OnError onError = random.nextInt(10) == 0 ? OnError.FAIL : OnError.NULL;
    Ir operand = next(PhysicalType.DECIMAL, depth - 1);
    return new Ir.DecimalCast(operand, random.nextInt(6), type, 0, 0, onError, SITE);
  }

  private Ir bitwise(PhysicalType type, int depth) {
    boolean wide = type == I32 || type == I64;
    BitwiseOp op =
        wide ? pick(BitwiseOp.values()) : pick(BitwiseOp.AND, BitwiseOp.OR, BitwiseOp.XOR);
    return new Ir.Bitwise(
        op, type, next(type, depth - 1), next(op.shifts() ? I32 : type, depth - 1));
  }

  private Ir call(PhysicalType type, int depth) {
    List<Function> functions = new ArrayList<>();
    for (Function function : Function.values()) {
      if (function.type() == type && function != Function.WINDOW_START) {
        functions.add(function);
      }
    }
    if (functions.isEmpty()) {
      return leaf(type);
    }
    Function function = functions.get(random.nextInt(functions.size()));
    List<Ir> operands = new ArrayList<>();
    for (PhysicalType parameter : function.parameters()) {
      boolean digits = function == Function.ROUND || function == Function.BANKERS_ROUND;
      operands.add(
          digits && parameter == I32
              ? new Ir.Const(I32, random.nextInt(9) - 4)
              : next(parameter, depth - 1));
    }
    return new Ir.Call(function, operands, SITE);
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
