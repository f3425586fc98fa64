package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;

/** Words the errors of expressions: the cold path of generated code. */
public final class KernelErrors {

  private KernelErrors() {}

  /** The result of an operator does not fit its type. */
  public static KernelException overflow(
      Site site, String type, Object left, String symbol, Object right) {
    return overflow(Condition.ARITHMETIC_OVERFLOW, site, type, left, symbol, right);
  }

  /** The result of an operator on values of 8 or 16 bits does not fit them. */
  public static KernelException smallOverflow(
      Site site, String type, Object left, String symbol, Object right) {
    return overflow(Condition.BINARY_ARITHMETIC_OVERFLOW, site, type, left, symbol, right);
  }

  private static KernelException overflow(
      Condition condition, Site site, String type, Object left, String symbol, Object right) {
    return new KernelException(
        condition,
        "%s overflow: expression=%s, left=%s, operator=%s, right=%s; use try_%s to get NULL instead"
            .formatted(type, site.expressionText(), left, symbol, right, remedy(symbol)));
  }

  /** The operand has no negation or absolute value. */
  public static KernelException overflow(Site site, String type, String function, Object value) {
    return new KernelException(
        Condition.ARITHMETIC_OVERFLOW,
        "%s overflow: expression=%s, function=%s, value=%s; cast the operand to a wider type"
            .formatted(type, site.expressionText(), function, value));
  }

  /** The right operand of a division is zero. */
  public static KernelException divideByZero(Site site, Object left, String symbol) {
    return new KernelException(
        symbol.equals("/") ? Condition.DIVIDE_BY_ZERO : Condition.REMAINDER_BY_ZERO,
        "division by zero: expression=%s, left=%s, operator=%s, right=0; use try_%s to get NULL"
                .formatted(site.expressionText(), left, symbol, remedy(symbol))
            + " instead");
  }

  /** A number does not fit the type that it is cast to. */
  public static KernelException castOverflow(Site site, Object value, String from, String to) {
    return new KernelException(
        Condition.CAST_OVERFLOW,
        "cast overflow: expression=%s, value=%s, from=%s, to=%s; use try_cast to get NULL instead"
            .formatted(site.expressionText(), value, from, to));
  }

  /** Text does not name a value of the type that it is cast to. */
  public static KernelException invalidInput(Site site, String text, String to) {
    return new KernelException(
        Condition.CAST_INVALID_INPUT,
        "text must name a value of the type: expression=%s, value='%s', type=%s; use try_cast to"
                .formatted(site.expressionText(), text, to)
            + " get NULL instead");
  }

  /** A decimal has more digits than its type. */
  public static KernelException outOfRange(Site site, Object value, int precision, int scale) {
    return new KernelException(
        Condition.NUMERIC_VALUE_OUT_OF_RANGE,
        "value must fit decimal(%d,%d): expression=%s, value=%s; cast to a wider decimal, or use"
                .formatted(precision, scale, site.expressionText(), value)
            + " try_ to get NULL instead");
  }

  /** An instant or a date leaves the range of its type. */
  public static KernelException timeOverflow(Site site, String what, Object left, Object right) {
    return new KernelException(
        Condition.ARITHMETIC_OVERFLOW,
        "%s overflow: expression=%s, left=%s, right=%s; filter such rows out first"
            .formatted(what, site.expressionText(), left, right));
  }

  private static String remedy(String symbol) {
    return switch (symbol) {
      case "+" -> "add";
      case "-" -> "subtract";
      case "*" -> "multiply";
      case "/" -> "divide";
      default -> "mod";
    };
  }
}
