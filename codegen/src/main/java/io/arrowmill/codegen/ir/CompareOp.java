package io.arrowmill.codegen.ir;

/**
 * Comparisons in the order of Spark: NaN equals NaN and is greater than everything else, -0.0
 * equals 0.0, false is less than true, BYTES compare as unsigned bytes, DECIMAL operands have one
 * scale.
 */
public enum CompareOp {
  EQUAL,
  NOT_EQUAL,
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL;

  /**
   * Whether the operator holds for two values that compare as {@code order} (negative, zero,
   * positive).
   */
  public boolean holds(int order) {
    return switch (this) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }
}
