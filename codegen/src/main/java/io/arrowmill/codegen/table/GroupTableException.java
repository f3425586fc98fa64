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

  public GroupTableException(Condition condition, String message) {
    super("[" + condition + "] " + message);
    this.condition = condition;
  }

  public Condition condition() {
    return condition;
  }
}
