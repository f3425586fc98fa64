package io.arrowmill.codegen.ir;

/** What a node does with operands that it has no result for. */
public enum OnError {
  /** Throws a KernelException that names the expression and the values. */
  FAIL,
  /** Yields null. */
  NULL,
  /**
   * Integers wrap around, narrowing keeps the low bits or saturates as Java does; a zero divisor
   * yields null.
   */
  WRAP
}
