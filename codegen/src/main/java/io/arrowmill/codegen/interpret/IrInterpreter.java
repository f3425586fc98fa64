package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates an expression for one row. Recurses as deep as the expression nests.
 *
 * <p>Stateless: any thread may call it.
 */
public final class IrInterpreter {

  private IrInterpreter() {}

  /**
   * The expression's value for the row, or null; of the Java class that {@code Ir.Const} names for
   * the type.
   */
  public static @Nullable Object evaluate(Ir node, RowReader row) {
    return switch (node) {
      case Ir.Input n -> row.value(n.column(), n.type());
      case Ir.Const n -> n.value();
      case Ir.And n -> and(n, row);
      case Ir.Or n -> or(n, row);
      case Ir.IsNull n -> evaluate(n.operand(), row) == null;
      case Ir.IsNotNull n -> evaluate(n.operand(), row) != null;
      case Ir.If n -> evaluate(isTrue(n.condition(), row) ? n.then() : n.otherwise(), row);
      case Ir.CaseWhen n -> caseWhen(n, row);
      case Ir.Coalesce n -> coalesce(n, row);
      case Ir.Extremum n -> extremum(n, row);
      case Ir.NullSafeEqual n -> nullSafeEqual(n, row);
      case Ir.In n -> in(n, row);
      default -> strict(node, row);
    };
  }

  private static boolean isTrue(Ir condition, RowReader row) {
    return Boolean.TRUE.equals(evaluate(condition, row));
  }

  private static @Nullable Object strict(Ir node, RowReader row) {
    boolean divides =
        switch (node) {
          case Ir.Arithmetic n -> n.op().divides();
          case Ir.DecimalArithmetic n -> n.op().divides();
          default -> false;
        };
    List<Object> values = new ArrayList<>();
    for (Ir child : divides ? node.children().reversed() : node.children()) {
      Object value = evaluate(child, row);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    if (divides) {
      Collections.reverse(values);
    }
    Object first = values.getFirst();
    return switch (node) {
      case Ir.Not _ -> !((Boolean) first);
      case Ir.Compare n -> n.op().holds(compare(first, values.get(1)));
      case Ir.Arithmetic n -> InterpretedArithmetic.arithmetic(n, first, values.get(1));
      case Ir.Bitwise n -> InterpretedArithmetic.bitwise(n, first, values.get(1));
      case Ir.Unary n -> InterpretedArithmetic.unary(n, first);
      case Ir.Cast n -> InterpretedCasts.cast(n, first);
      case Ir.DecimalArithmetic n -> InterpretedDecimal.arithmetic(n, first, values.get(1));
      case Ir.DecimalCast n -> InterpretedDecimal.cast(n, first);
      case Ir.Like n -> InterpretedText.like(n, first);
      case Ir.Call n -> InterpretedFunctions.call(n, values);
      case Ir.Invoke n -> InterpretedInvoke.invoke(n, values);
      default -> throw new IllegalStateException("node of unknown kind: node=" + node);
    };
  }

  private static @Nullable Object and(Ir.And node, RowReader row) {
    Object left = evaluate(node.left(), row);
    if (Boolean.FALSE.equals(left)) {
      return false;
    }
    Object right = evaluate(node.right(), row);
    if (Boolean.FALSE.equals(right)) {
      return false;
    }
    return (left == null || right == null) ? null : true;
  }

  private static @Nullable Object or(Ir.Or node, RowReader row) {
    Object left = evaluate(node.left(), row);
    if (Boolean.TRUE.equals(left)) {
      return true;
    }
    Object right = evaluate(node.right(), row);
    if (Boolean.TRUE.equals(right)) {
      return true;
    }
    return (left == null || right == null) ? null : false;
  }

  private static @Nullable Object caseWhen(Ir.CaseWhen node, RowReader row) {
    for (Ir.CaseWhen.Branch branch : node.branches()) {
      if (isTrue(branch.condition(), row)) {
        return evaluate(branch.value(), row);
      }
    }
    return evaluate(node.otherwise(), row);
  }

  private static @Nullable Object coalesce(Ir.Coalesce node, RowReader row) {
    for (Ir operand : node.operands()) {
      Object value = evaluate(operand, row);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static @Nullable Object extremum(Ir.Extremum node, RowReader row) {
    Object best = null;
    for (Ir operand : node.operands()) {
      Object value = evaluate(operand, row);
      if (value != null) {
        int order = best == null ? 0 : compare(value, best);
        if (best == null || (node.greatest() ? order > 0 : order < 0)) {
          best = value;
        }
      }
    }
    return best;
  }

  private static Object nullSafeEqual(Ir.NullSafeEqual node, RowReader row) {
    Object left = evaluate(node.left(), row);
    Object right = evaluate(node.right(), row);
    if (left == null || right == null) {
      return left == null && right == null;
    }
    return CompareOp.EQUAL.holds(compare(left, right));
  }

  private static @Nullable Object in(Ir.In node, RowReader row) {
    Object value = evaluate(node.operand(), row);
    if (value == null) {
      return null;
    }
    boolean sawNull = false;
    for (Ir.Const constant : node.constants()) {
      Object candidate = constant.value();
      if (candidate == null) {
        sawNull = true;
      } else if (compare(value, candidate) == 0) {
        return true;
      }
    }
    return sawNull ? null : false;
  }

  /** Spark's order of two values of one type. */
  static int compare(Object left, Object right) {
    return switch (left) {
      case Boolean v -> v.compareTo((Boolean) right);
      // Adding 0.0 makes -0.0 positive; Double.compare already has NaN equal to itself and
      // greatest.
      case Float v -> Float.compare(v + 0.0f, (Float) right + 0.0f);
      case Double v -> Double.compare(v + 0.0, (Double) right + 0.0);
      case BigInteger v -> v.compareTo((BigInteger) right);
      case ByteString v -> Arrays.compareUnsigned(v.toBytes(), ((ByteString) right).toBytes());
      case Number v -> Long.compare(v.longValue(), ((Number) right).longValue());
      default -> throw new IllegalStateException("value of unknown class: value=" + left);
    };
  }
}
