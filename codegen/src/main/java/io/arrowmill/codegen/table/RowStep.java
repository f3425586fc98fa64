package io.arrowmill.codegen.table;

import java.util.List;

/**
 * How an aggregate takes one value: static methods that a generated loop calls, so that one walk
 * over the rows of a slice serves all aggregates, and each method is compiled into that loop.
 *
 * <pre>
 *   static void first(long row, value, int constant0, int constant1, …)
 *   static void next(long row, value, int constant0, int constant1, …)
 * </pre>
 *
 * <p>The value is what {@link Input} says. Both methods belong to {@code owner}, which is in this
 * package.
 *
 * @param first method for a group that may have no value yet
 * @param next method for a group whose flag {@code flagMask} is set; it may leave the flag alone
 * @param flagByte bytes from the row's start to the flag
 * @param flagMask the flag in that byte, or 0 if {@code next} always will do
 * @param constants further arguments
 */
public record RowStep(
    Class<?> owner,
    String first,
    String next,
    Input input,
    int flagByte,
    int flagMask,
    List<Integer> constants) {

  /** The value's parameters. */
  public enum Input {
    /** None: only rows are counted. */
    NONE,
    /** One {@code long}. */
    LONG,
    /** One {@code double}. */
    DOUBLE,
    /** Two {@code long}: the low and the high half. */
    DECIMAL
  }

  public RowStep {
    constants = List.copyOf(constants);
  }

  /** A step that needs no flag. */
  static RowStep of(Class<?> owner, String method, Input input, Integer... constants) {
    return new RowStep(owner, method, method, input, 0, 0, List.of(constants));
  }
}
