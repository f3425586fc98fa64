package io.arrowmill.codegen.kernel;

/** How expressions are run; the results are the same. */
public enum KernelMode {
  /** Generated, with vector instructions where an expression has lanes, otherwise as SCALAR. */
  SIMD,
  /** Generated, plain loops. */
  SCALAR,
  /** Evaluated node by node: for tests and tiny one-off batches. */
  INTERPRETED
}
