package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.BitwiseOp;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.UnaryOp;
import io.arrowmill.kernel.CallRules.Node;
import io.arrowmill.kernel.CallRules.Rule;
import io.arrowmill.types.DataType.DecimalType;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arithmetic, mathematics and bits. */
final class NumericRules {
  private NumericRules() {}

  static void register(Map<String, Rule> rules) {
    rules.put("+", node -> sum(node, ArithmeticOp.ADD, "add"));
    rules.put("-", node -> sum(node, ArithmeticOp.SUBTRACT, "subtract"));
    rules.put("*", node -> arithmetic(node, ArithmeticOp.MULTIPLY, OnError.FAIL));
    rules.put("/", node -> quotient(node, OnError.FAIL));
    rules.put("%", node -> arithmetic(node, ArithmeticOp.REMAINDER, OnError.FAIL));
    rules.put("pmod", node -> arithmetic(node, ArithmeticOp.POSITIVE_REMAINDER, OnError.FAIL));
    rules.put("div", NumericRules::wholeQuotient);
    rules.put("try_add", node -> arithmetic(node, ArithmeticOp.ADD, OnError.NULL));
    rules.put("try_subtract", node -> arithmetic(node, ArithmeticOp.SUBTRACT, OnError.NULL));
    rules.put("try_multiply", node -> arithmetic(node, ArithmeticOp.MULTIPLY, OnError.NULL));
    rules.put("try_divide", node -> quotient(node, OnError.NULL));
    rules.put("negative", node -> unary(node, UnaryOp.NEGATE));
    rules.put("abs", node -> unary(node, UnaryOp.ABS));
    rules.put("&", node -> bits(node, BitwiseOp.AND));
    rules.put("|", node -> bits(node, BitwiseOp.OR));
    rules.put("^", node -> bits(node, BitwiseOp.XOR));
    rules.put("~", node -> unary(node, UnaryOp.BIT_NOT));
    rules.put("shiftleft", node -> bits(node, BitwiseOp.SHIFT_LEFT));
    rules.put("shiftright", node -> bits(node, BitwiseOp.SHIFT_RIGHT));
    rules.put("shiftrightunsigned", node -> bits(node, BitwiseOp.SHIFT_RIGHT_UNSIGNED));
    for (Function function :
        new Function[] {
          Function.SQRT,
          Function.CBRT,
          Function.EXP,
          Function.LN,
          Function.LOG10,
          Function.LOG2,
          Function.SIN,
          Function.COS,
          Function.TAN,
          Function.DEGREES,
          Function.RADIANS
        }) {
      rules.put(
          function.name().toLowerCase(java.util.Locale.ROOT), node -> ofDouble(node, function));
    }
    rules.put("sign", node -> ofDouble(node, Function.SIGNUM));
    rules.put("pow", NumericRules::power);
    rules.put("log", node -> node.count() == 1 ? ofDouble(node, Function.LN) : null);
    rules.put("ceil", node -> whole(node, Function.CEIL));
    rules.put("floor", node -> whole(node, Function.FLOOR));
    rules.put("round", node -> rounded(node, Function.ROUND));
    rules.put("bround", node -> rounded(node, Function.BANKERS_ROUND));
  }

  private static boolean isPlainNumber(Node node) {
    return node.type().isNumeric() && !(node.type() instanceof DecimalType);
  }

  private static boolean operandsAre(Node node, @Nullable PhysicalType type) {
    return node.operands().stream().allMatch(operand -> operand.type() == type);
  }

  private static @Nullable Ir sum(Node node, ArithmeticOp op, String ofTimes) {
    return node.type().isNumeric()
        ? arithmetic(node, op, OnError.FAIL)
        : TimeRules.sum(node, ofTimes);
  }

  private static @Nullable Ir arithmetic(Node node, ArithmeticOp op, OnError onError) {
    if (DecimalKernelRules.isDecimal(node)) {
      Ir result = DecimalKernelRules.arithmetic(node, op, onError);
      return result != null && divides(op) ? divisorFirst(node, result, onError) : result;
    }
    PhysicalType type = node.physical();
    if (type == null || !isPlainNumber(node) || !operandsAre(node, type)) {
      return null;
    }
    Ir result = new Ir.Arithmetic(op, type, node.operand(0), node.operand(1), onError, node.site());
    return divides(op) ? divisorFirst(node, result, onError) : result;
  }

  private static boolean divides(ArithmeticOp op) {
    return op == ArithmeticOp.DIVIDE
        || op == ArithmeticOp.REMAINDER
        || op == ArithmeticOp.POSITIVE_REMAINDER;
  }

  /**
   * A division of which the dividend is not evaluated, and can't fail, where the divisor is NULL or
   * an error becomes NULL.
   */
  private static Ir divisorFirst(Node node, Ir division, OnError onError) {
    Ir divisor = node.operand(1);
    if (divisor instanceof Ir.Const constant && constant.value() == null) {
      return IrTypes.nullOf(division.type());
    }
    if (!mayFail(node.operand(0)) || (divisor instanceof Ir.Const && onError == OnError.FAIL)) {
      return division;
    }
    Ir none = new Ir.IsNull(divisor);
    if (onError == OnError.NULL) {
      Ir zero =
          divisor.type() == PhysicalType.DECIMAL
              ? new Ir.Const(PhysicalType.DECIMAL, BigInteger.ZERO)
              : node.widened(new Ir.Const(PhysicalType.I8, (byte) 0), divisor.type());
      none = new Ir.Or(none, new Ir.Compare(CompareOp.EQUAL, divisor, zero));
    }
    return new Ir.If(division.type(), none, IrTypes.nullOf(division.type()), division);
  }

  /** Whether evaluating may be an error; said of more expressions than it is true of. */
  private static boolean mayFail(Ir ir) {
    return switch (ir) {
      case Ir.Input ignored -> false;
      case Ir.Const ignored -> false;
      case Ir.Cast cast when cast.type() == PhysicalType.F64 -> mayFail(cast.operand());
      case Ir.Arithmetic arithmetic
          when arithmetic.type().isFloating() && !divides(arithmetic.op()) ->
          mayFail(arithmetic.left()) || mayFail(arithmetic.right());
      default -> true;
    };
  }

  /** {@code /}, which analysis gives doubles; of whole numbers it would not truncate. */
  private static @Nullable Ir quotient(Node node, OnError onError) {
    PhysicalType type = node.physical();
    return type != null && (type.isFloating() || type == PhysicalType.DECIMAL)
        ? arithmetic(node, ArithmeticOp.DIVIDE, onError)
        : null;
  }

  private static @Nullable Ir wholeQuotient(Node node) {
    if (node.physical() != PhysicalType.I64
        || !node.operandType(0).isIntegral()
        || !node.operandType(1).isIntegral()) {
      return null;
    }
    return divisorFirst(
        node,
        new Ir.Arithmetic(
            ArithmeticOp.DIVIDE,
            PhysicalType.I64,
            node.widened(node.operand(0), PhysicalType.I64),
            node.widened(node.operand(1), PhysicalType.I64),
            OnError.FAIL,
            node.site()),
        OnError.FAIL);
  }

  private static @Nullable Ir unary(Node node, UnaryOp op) {
    if (DecimalKernelRules.isDecimal(node)) {
      return op == UnaryOp.NEGATE
          ? DecimalKernelRules.negated(node)
          : op == UnaryOp.ABS ? DecimalKernelRules.absolute(node) : null;
    }
    PhysicalType type = node.physical();
    if (type == null || !isPlainNumber(node) || !operandsAre(node, type)) {
      return null;
    }
    return new Ir.Unary(op, type, node.operand(0), OnError.FAIL, node.site());
  }

  private static @Nullable Ir bits(Node node, BitwiseOp op) {
    PhysicalType type = node.physical();
    if (type == null || !node.type().isIntegral() || node.operand(0).type() != type) {
      return null;
    }
    boolean fits =
        op.shifts()
            ? node.operand(1).type() == PhysicalType.I32 && type.width() >= Integer.BYTES
            : node.operand(1).type() == type;
    return fits ? new Ir.Bitwise(op, type, node.operand(0), node.operand(1)) : null;
  }

  private static @Nullable Ir ofDouble(Node node, Function function) {
    return operandsAre(node, PhysicalType.F64) ? node.call(function, node.operand(0)) : null;
  }

  private static @Nullable Ir power(Node node) {
    return operandsAre(node, PhysicalType.F64)
        ? node.call(Function.POW, node.operand(0), node.operand(1))
        : null;
  }

  private static @Nullable Ir whole(Node node, Function function) {
    if (node.count() > 1 || node.physical() != PhysicalType.I64) {
      return null;
    }
    return node.operandType(0).isIntegral()
        ? node.widened(node.operand(0), PhysicalType.I64)
        : ofDouble(node, function);
  }

  private static @Nullable Ir rounded(Node node, Function function) {
    if (DecimalKernelRules.isDecimal(node)) {
      return function == Function.ROUND ? DecimalKernelRules.rounded(node) : null;
    }
    Object literal = node.literal(1, 0);
    if (!(literal instanceof Integer digits) || !isPlainNumber(node)) {
      return null;
    }
    if (node.operandType(0).isIntegral() && digits >= 0) {
      return node.operand(0);
    }
    return node.operand(0).type() == PhysicalType.F64
        ? node.call(function, node.operand(0), new Ir.Const(PhysicalType.I32, digits))
        : null;
  }
}
