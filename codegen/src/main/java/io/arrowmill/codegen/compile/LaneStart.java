package io.arrowmill.codegen.compile;

/** When lane code is used. */
public enum LaneStart {
  /** From the first call on, though it is slow before the JIT compiler is done with it. */
  AT_ONCE,
  /** As soon as it was seen to be faster than scalar code, by running it in the background. */
  WHEN_FAST
}
