package io.arrowmill.codegen.ir;

/**
 * Bit operations over I8 to I64; the right operand of a shift is I32, taken modulo the width as in
 * Java.
 */
public enum BitwiseOp {
  AND,
  OR,
  XOR,
  /** For I32 and I64 only. */
  SHIFT_LEFT,
  /** For I32 and I64 only; keeps the sign. */
  SHIFT_RIGHT,
  /** For I32 and I64 only; shifts zeros in. */
  SHIFT_RIGHT_UNSIGNED;

  /** Whether the right operand is a distance of type I32. */
  public boolean shifts() {
    return this == SHIFT_LEFT || this == SHIFT_RIGHT || this == SHIFT_RIGHT_UNSIGNED;
  }
}
