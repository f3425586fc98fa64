package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.ir.StaticMethod;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.types.DataType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How calls are put into the compiler's terms, by the function's canonical name. */
final class CallRules {
  /** The terms for one call; null if these operands are not supported. */
  @FunctionalInterface
  interface Rule {
    @Nullable Ir apply(Node node);
  }

  /**
   * A call or cast, with its operands already translated.
   *
   * @param zone the session's time zone
   */
  record Node(Expression expression, List<Ir> operands, ZoneId zone) {
    DataType type() {
      return expression.type();
    }

    @Nullable PhysicalType physical() {
      return IrTypes.physical(type());
    }

    DataType operandType(int index) {
      return expression.children().get(index).type();
    }

    Ir operand(int index) {
      return operands.get(index);
    }

    int count() {
      return operands.size();
    }

    Site site() {
      return new Site(expression.sql());
    }

    boolean isUtc() {
      return zone.normalized().equals(ZoneOffset.UTC);
    }

    /** The value of an operand that is a literal, or null. */
    @Nullable Object literal(int index) {
      return expression.children().get(index) instanceof Literal literal ? literal.value() : null;
    }

    /** The value of an operand that is a literal, or null; the default if there is no operand. */
    @Nullable Object literal(int index, Object otherwise) {
      return index < count() ? literal(index) : otherwise;
    }

    /** A call of a built-in function over operands. */
    Ir call(Function function, Ir... arguments) {
      return new Ir.Call(function, List.of(arguments), site());
    }

    /** A call of the public static method of that name over the given operands. */
    Ir invoke(Class<?> owner, String method, PhysicalType type, Ir... arguments) {
      return new Ir.Invoke(StaticMethod.of(owner, method), type, List.of(arguments), false, site());
    }

    /** A conversion that cannot fail. */
    Ir widened(Ir operand, PhysicalType type) {
      return operand.type() == type ? operand : new Ir.Cast(operand, type, OnError.FAIL, site());
    }
  }

  private static final Map<String, Rule> RULES = rules();

  private CallRules() {}

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    NumericRules.register(rules);
    LogicRules.register(rules);
    TimeRules.register(rules);
    TextRules.register(rules);
    return Map.copyOf(rules);
  }

  static @Nullable Rule find(String canonicalName) {
    return RULES.get(canonicalName);
  }
}
