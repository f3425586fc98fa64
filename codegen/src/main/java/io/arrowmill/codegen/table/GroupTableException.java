package io.arrowmill.codegen.table;

/**
 * A row's value cannot be aggregated; the table stays closable, its states are no longer of use.
 */
public final class GroupTableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, by the stable name that users see. */
  public enum Condition {
    /** A sum left the range of its type, or a decimal has more digits than its result type. */
    ARITHMETIC_OVERFLOW
  }

  private final Condition condition;
  private final int accumulator;

  /**
   * Makes an error.
   *
   * @param accumulator number of the accumulator that the value was for
   */
  public GroupTableException(Condition condition, int accumulator, String message) {
    super("[" + condition + "] " + message);
    this.condition = condition;
    this.accumulator = accumulator;
  }

  public Condition condition() {
    return condition;
  }

  /** Number of the accumulator that the value was for. */
  public int accumulator() {
    return accumulator;
  }
}
