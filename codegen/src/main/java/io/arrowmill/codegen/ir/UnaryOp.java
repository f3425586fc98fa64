package io.arrowmill.codegen.ir;

/** Unary arithmetic: the operand has the result's type. */
public enum UnaryOp {
  /** The smallest integer has no negation. */
  NEGATE,
  /** The smallest integer has no absolute value. */
  ABS,
  /** Integers only. */
  BIT_NOT
}
