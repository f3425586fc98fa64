package io.arrowmill.codegen.ir;

/** Binary arithmetic over two operands of the result's type (I8 to F64). */
public enum ArithmeticOp {
  ADD("+"),
  SUBTRACT("-"),
  MULTIPLY("*"),
  /**
   * Integers truncate towards zero; a zero divisor is an error for every type, floating ones too.
   */
  DIVIDE("/"),
  /** The sign of the dividend, as in Java; a zero divisor is an error for every type. */
  REMAINDER("%"),
  /** The remainder made non-negative where the divisor is positive. */
  POSITIVE_REMAINDER("pmod");

  private final String symbol;

  ArithmeticOp(String symbol) {
    this.symbol = symbol;
  }

  /** How the operator is written in error messages. */
  public String symbol() {
    return symbol;
  }

  /** Whether a zero right operand has no result. */
  public boolean divides() {
    return this == DIVIDE || this == REMAINDER || this == POSITIVE_REMAINDER;
  }
}
