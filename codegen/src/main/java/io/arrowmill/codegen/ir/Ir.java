package io.arrowmill.codegen.ir;

import static io.arrowmill.codegen.ir.PhysicalType.BOOL;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed expression over the columns of one row.
 *
 * <p>A node is null if an operand is null, unless it says otherwise. Operands are evaluated from
 * left to right and only as far as the result needs them: a strict node stops at its first null
 * operand, And and Or at the operand that decides, conditionals evaluate the taken branch only. An
 * error therefore fires only for rows that need the value.
 */
public sealed interface Ir {

  /** The type of the result. */
  PhysicalType type();

  /** The operands, in the order of evaluation. */
  List<Ir> children();

  /**
   * The value of a column at the current row.
   *
   * @param column the column's index in the descriptor block
   * @param nullable false promises that the column holds no null; its validity is never read then
   */
  record Input(int column, PhysicalType type, boolean nullable) implements Ir {
    public Input {
      require(column >= 0, "column must not be negative", "column", column);
    }

    @Override
    public List<Ir> children() {
      return List.of();
    }
  }

  /**
   * A constant.
   *
   * @param value null, or a Boolean, Byte, Short, Integer, Long, Float, Double, BigInteger (the
   *     unscaled value of a DECIMAL) or {@link ByteString}, as the type says
   */
  record Const(PhysicalType type, @Nullable Object value) implements Ir {
    public Const {
      require(
          value == null || value.getClass() == classOf(type),
          "constant must have the class of its type",
          "type",
          type,
          "value",
          value);
    }

    @Override
    public List<Ir> children() {
      return List.of();
    }

    private static Class<?> classOf(PhysicalType type) {
      return switch (type) {
        case BOOL -> Boolean.class;
        case I8 -> Byte.class;
        case I16 -> Short.class;
        case I32 -> Integer.class;
        case I64 -> Long.class;
        case F32 -> Float.class;
        case F64 -> Double.class;
        case DECIMAL -> BigInteger.class;
        case BYTES -> ByteString.class;
      };
    }
  }

  /**
   * Arithmetic over operands of the result's type, I8 to F64. A division looks at its divisor
   * first, as Spark does: where that is null, an error in the dividend is none.
   */
  record Arithmetic(
      ArithmeticOp op, PhysicalType type, Ir left, Ir right, OnError onError, Site site)
      implements Ir {
    public Arithmetic {
      require(
          left.type() == type && right.type() == type && (type.isInteger() || type.isFloating()),
          "arithmetic operands must have the result's numeric type",
          "op",
          op,
          "type",
          type,
          "left",
          left.type(),
          "right",
          right.type());
    }

    @Override
    public List<Ir> children() {
      return List.of(left, right);
    }

    /** The operands in the order in which they are evaluated; what follows a null is not. */
    public List<Ir> operandsAsEvaluated() {
      return op.divides() ? List.of(right, left) : List.of(left, right);
    }
  }

  /** Bit operations over integers. */
  record Bitwise(BitwiseOp op, PhysicalType type, Ir left, Ir right) implements Ir {
    public Bitwise {
      boolean wide = type == PhysicalType.I32 || type == PhysicalType.I64;
      require(
          left.type() == type
              && right.type() == (op.shifts() ? PhysicalType.I32 : type)
              && (op.shifts() ? wide : type.isInteger()),
          "bitwise operands must be integers of the result's type",
          "op",
          op,
          "type",
          type,
          "left",
          left.type(),
          "right",
          right.type());
    }

    @Override
    public List<Ir> children() {
      return List.of(left, right);
    }
  }

  /** Negation, absolute value, complement. */
  record Unary(UnaryOp op, PhysicalType type, Ir operand, OnError onError, Site site)
      implements Ir {
    public Unary {
      require(
          operand.type() == type
              && (type.isInteger() || (type.isFloating() && op != UnaryOp.BIT_NOT)),
          "unary operand must have the result's type",
          "op",
          op,
          "type",
          type,
          "operand",
          operand.type());
    }

    @Override
    public List<Ir> children() {
      return List.of(operand);
    }
  }

  /** A comparison in Spark's order. */
  record Compare(CompareOp op, Ir left, Ir right) implements Ir {
    public Compare {
      require(
          left.type() == right.type(),
          "compared operands must have one type",
          "op",
          op,
          "left",
          left.type(),
          "right",
          right.type());
    }

    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(left, right);
    }
  }

  /** Equality that is never null: null equals null and nothing else. */
  record NullSafeEqual(Ir left, Ir right) implements Ir {
    public NullSafeEqual {
      require(
          left.type() == right.type(),
          "compared operands must have one type",
          "left",
          left.type(),
          "right",
          right.type());
    }

    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(left, right);
    }
  }

  /** Three-valued conjunction: false decides; the right operand is not evaluated then. */
  record And(Ir left, Ir right) implements Ir {
    public And {
      requireBool("And", left, right);
    }

    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(left, right);
    }
  }

  /** Three-valued disjunction: true decides; the right operand is not evaluated then. */
  record Or(Ir left, Ir right) implements Ir {
    public Or {
      requireBool("Or", left, right);
    }

    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(left, right);
    }
  }

  /** Three-valued negation. */
  record Not(Ir operand) implements Ir {
    public Not {
      requireBool("Not", operand);
    }

    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(operand);
    }
  }

  /** Whether the operand is null; never null itself. */
  record IsNull(Ir operand) implements Ir {
    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(operand);
    }
  }

  /** Whether the operand is not null; never null itself. */
  record IsNotNull(Ir operand) implements Ir {
    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(operand);
    }
  }

  /** The second operand where the condition is true, the third where it is false or null. */
  record If(PhysicalType type, Ir condition, Ir then, Ir otherwise) implements Ir {
    public If {
      requireBool("If", condition);
      requireType("If", type, List.of(then, otherwise));
    }

    @Override
    public List<Ir> children() {
      return List.of(condition, then, otherwise);
    }
  }

  /** The value of the first branch whose condition is true, or else the last operand. */
  record CaseWhen(PhysicalType type, List<Branch> branches, Ir otherwise) implements Ir {

    /** One {@code WHEN condition THEN value}. */
    public record Branch(Ir condition, Ir value) {
      public Branch {
        requireBool("CaseWhen", condition);
      }
    }

    public CaseWhen {
      branches = List.copyOf(branches);
      requireType("CaseWhen", type, branches.stream().map(Branch::value).toList());
      requireType("CaseWhen", type, List.of(otherwise));
    }

    @Override
    public List<Ir> children() {
      List<Ir> children = new ArrayList<>();
      for (Branch branch : branches) {
        children.add(branch.condition());
        children.add(branch.value());
      }
      children.add(otherwise);
      return children;
    }
  }

  /** The first operand that is not null, or else null. */
  record Coalesce(PhysicalType type, List<Ir> operands) implements Ir {
    public Coalesce {
      operands = List.copyOf(operands);
      require(!operands.isEmpty(), "Coalesce must have an operand", "type", type);
      requireType("Coalesce", type, operands);
    }

    @Override
    public List<Ir> children() {
      return operands;
    }
  }

  /** The greatest or least operand that is not null, in Spark's order; null if all are null. */
  record Extremum(boolean greatest, PhysicalType type, List<Ir> operands) implements Ir {
    public Extremum {
      operands = List.copyOf(operands);
      require(!operands.isEmpty(), "Extremum must have an operand", "type", type);
      requireType("Extremum", type, operands);
    }

    @Override
    public List<Ir> children() {
      return operands;
    }
  }

  /**
   * Whether the operand equals one of the constants; null if it equals none and one of them is
   * null.
   */
  record In(Ir operand, List<Const> constants) implements Ir {
    public In {
      constants = List.copyOf(constants);
      require(!constants.isEmpty(), "In must have a constant", "operand", operand.type());
      requireType("In", operand.type(), constants);
    }

    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(operand);
    }
  }

  /** A conversion between BOOL, I8 to I64, F32 and F64. Fractions are cut off towards zero. */
  record Cast(Ir operand, PhysicalType type, OnError onError, Site site) implements Ir {
    public Cast {
      require(
          castable(operand.type()) && castable(type),
          "cast must be between boolean and numeric types",
          "from",
          operand.type(),
          "to",
          type);
    }

    private static boolean castable(PhysicalType type) {
      return type != PhysicalType.BYTES && type != PhysicalType.DECIMAL;
    }

    @Override
    public List<Ir> children() {
      return List.of(operand);
    }
  }

  /** A built-in function. */
  record Call(Function function, List<Ir> operands, Site site) implements Ir {
    public Call {
      operands = List.copyOf(operands);
      List<PhysicalType> found = operands.stream().map(Ir::type).toList();
      require(
          found.equals(function.parameters()),
          "operands must have the function's parameter types",
          "function",
          function,
          "parameters",
          function.parameters(),
          "operands",
          found);
    }

    @Override
    public PhysicalType type() {
      return function.type();
    }

    @Override
    public List<Ir> children() {
      return operands;
    }
  }

  /**
   * Arithmetic over two decimals: the exact result, rounded half away from zero to the result's
   * scale. It is an error where it has more digits than the result's precision, or where the
   * divisor is zero.
   */
  record DecimalArithmetic(
      ArithmeticOp op,
      Ir left,
      int leftScale,
      Ir right,
      int rightScale,
      int precision,
      int scale,
      OnError onError,
      Site site)
      implements Ir {
    public DecimalArithmetic {
      requireType("DecimalArithmetic", PhysicalType.DECIMAL, List.of(left, right));
      require(onError != OnError.WRAP, "decimals do not wrap", "op", op);
      require(
          precision > 0 && precision <= 38 && scale >= 0 && scale <= precision,
          "decimal must have at most 38 digits, at most all of them a fraction",
          "precision",
          precision,
          "scale",
          scale);
    }

    @Override
    public PhysicalType type() {
      return PhysicalType.DECIMAL;
    }

    @Override
    public List<Ir> children() {
      return List.of(left, right);
    }

    /** The operands in the order in which they are evaluated; what follows a null is not. */
    public List<Ir> operandsAsEvaluated() {
      return op.divides() ? List.of(right, left) : List.of(left, right);
    }
  }

  /**
   * A conversion to DECIMAL (rounded half away from zero) from DECIMAL, BYTES or a number, or from
   * DECIMAL to BYTES or a number (integers are cut off towards zero). NaN and the infinities become
   * null.
   *
   * @param operandScale the scale of an operand of type DECIMAL, otherwise 0
   * @param precision the precision of a result of type DECIMAL, otherwise 0
   * @param scale the scale of a result of type DECIMAL, otherwise 0
   */
  record DecimalCast(
      Ir operand,
      int operandScale,
      PhysicalType type,
      int precision,
      int scale,
      OnError onError,
      Site site)
      implements Ir {
    public DecimalCast {
      require(
          operand.type() == PhysicalType.DECIMAL || type == PhysicalType.DECIMAL,
          "one side of a decimal cast must be DECIMAL",
          "from",
          operand.type(),
          "to",
          type);
      require(
          operand.type() != BOOL && type != BOOL && onError != OnError.WRAP,
          "a decimal cast must not wrap, nor be from or to BOOL",
          "from",
          operand.type(),
          "to",
          type);
    }

    @Override
    public List<Ir> children() {
      return List.of(operand);
    }
  }

  /**
   * Whether text matches a pattern: {@code %} stands for any characters, {@code _} for one.
   *
   * @param escape the character that takes the meaning of the {@code %}, {@code _} or escape that
   *     follows it
   */
  record Like(Ir operand, String pattern, char escape) implements Ir {
    public Like {
      requireType("Like", PhysicalType.BYTES, List.of(operand));
    }

    @Override
    public PhysicalType type() {
      return BOOL;
    }

    @Override
    public List<Ir> children() {
      return List.of(operand);
    }
  }

  /**
   * A call of a static Java method, for functions that are not built in.
   *
   * @param mayReturnNull whether the method can call {@code KernelContext.setNull}
   */
  record Invoke(
      StaticMethod method, PhysicalType type, List<Ir> operands, boolean mayReturnNull, Site site)
      implements Ir {
    public Invoke {
      operands = List.copyOf(operands);
    }

    @Override
    public List<Ir> children() {
      return operands;
    }
  }

  private static void requireBool(String node, Ir... operands) {
    for (Ir operand : operands) {
      require(
          operand.type() == BOOL, "operand must be BOOL", "node", node, "operand", operand.type());
    }
  }

  private static void requireType(String node, PhysicalType type, List<? extends Ir> operands) {
    for (Ir operand : operands) {
      require(
          operand.type() == type,
          "operand must have the result's type",
          "node",
          node,
          "type",
          type,
          "operand",
          operand.type());
    }
  }

  private static void require(boolean holds, String rule, @Nullable Object... namesAndValues) {
    if (holds) {
      return;
    }
    StringBuilder message = new StringBuilder(rule);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      message.append(i == 0 ? ": " : ", ").append(namesAndValues[i]);
      message.append('=').append(namesAndValues[i + 1]);
    }
    throw new IllegalArgumentException(message.toString());
  }
}
