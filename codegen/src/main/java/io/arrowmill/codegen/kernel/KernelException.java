package io.arrowmill.codegen.kernel;

/** The data has no result for an expression, or an expression is beyond what can be compiled. */
public final class KernelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong, by Spark's names where Spark has one. */
  public enum Condition {
    ARITHMETIC_OVERFLOW,
    BINARY_ARITHMETIC_OVERFLOW,
    DIVIDE_BY_ZERO,
    REMAINDER_BY_ZERO,
    DATETIME_OVERFLOW,
    CAST_OVERFLOW,
    CAST_INVALID_INPUT,
    NUMERIC_VALUE_OUT_OF_RANGE,
    INVALID_PARAMETER_VALUE,
    EXPRESSION_TOO_LARGE,
    OUTPUT_TOO_LARGE;

    /** The name that users see. */
    public String text() {
      return this == NUMERIC_VALUE_OUT_OF_RANGE ? name() + ".WITH_SUGGESTION" : name();
    }
  }

  private final Condition condition;
  private final String detail;

  /** An error whose message names the expression, the values and the remedy. */
  public KernelException(Condition condition, String message) {
    super("[" + condition.text() + "] " + message);
    this.condition = condition;
    this.detail = message;
  }

  /** The message without the condition in front of it. */
  public String detail() {
    return detail;
  }

  /** The stable name of what went wrong. */
  public Condition condition() {
    return condition;
  }
}
