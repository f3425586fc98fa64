package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.kernel.CallRules.Node;
import io.arrowmill.kernel.CallRules.Rule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Comparisons, three-valued logic, and functions that choose between values. */
final class LogicRules {
  private LogicRules() {}

  static void register(Map<String, Rule> rules) {
    rules.put("=", node -> compare(node, CompareOp.EQUAL));
    rules.put("!=", node -> compare(node, CompareOp.NOT_EQUAL));
    rules.put("<", node -> compare(node, CompareOp.LESS));
    rules.put("<=", node -> compare(node, CompareOp.LESS_OR_EQUAL));
    rules.put(">", node -> compare(node, CompareOp.GREATER));
    rules.put(">=", node -> compare(node, CompareOp.GREATER_OR_EQUAL));
    rules.put(
        "<=>",
        node -> ofOneType(node) ? new Ir.NullSafeEqual(node.operand(0), node.operand(1)) : null);
    rules.put("and", node -> folded(node, Ir.And::new));
    rules.put("or", node -> folded(node, Ir.Or::new));
    rules.put("not", node -> new Ir.Not(node.operand(0)));
    rules.put("isnull", node -> new Ir.IsNull(node.operand(0)));
    rules.put("isnotnull", node -> new Ir.IsNotNull(node.operand(0)));
    rules.put("isnan", LogicRules::isNan);
    rules.put("in", LogicRules::in);
    rules.put("coalesce", LogicRules::coalesce);
    rules.put("greatest", node -> extremum(node, true));
    rules.put("least", node -> extremum(node, false));
    rules.put("nanvl", LogicRules::nanvl);
  }

  /**
   * Whether all operands are of one type; decimals of different scales are not comparable as they
   * lie.
   */
  private static boolean ofOneType(Node node) {
    for (int i = 1; i < node.count(); i++) {
      if (!node.operandType(i).equals(node.operandType(0))) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Ir compare(Node node, CompareOp op) {
    return ofOneType(node) ? new Ir.Compare(op, node.operand(0), node.operand(1)) : null;
  }

  private static Ir folded(Node node, BinaryOperator<Ir> operator) {
    Ir result = node.operand(0);
    for (Ir operand : node.operands().subList(1, node.count())) {
      result = operator.apply(result, operand);
    }
    return result;
  }

  private static Ir isNan(Node node) {
    Ir value = node.widened(node.operand(0), PhysicalType.F64);
    return new Ir.Coalesce(
        PhysicalType.BOOL,
        List.of(node.call(Function.IS_NAN, value), new Ir.Const(PhysicalType.BOOL, false)));
  }

  private static @Nullable Ir in(Node node) {
    List<Ir> candidates = node.operands().subList(1, node.count());
    if (!ofOneType(node) || candidates.isEmpty()) {
      return null;
    }
    if (candidates.stream().allMatch(Ir.Const.class::isInstance)) {
      return new Ir.In(node.operand(0), candidates.stream().map(Ir.Const.class::cast).toList());
    }
    if (!candidates.stream().allMatch(c -> c instanceof Ir.Const || c instanceof Ir.Input)) {
      return null; // a candidate that fails must not be evaluated for a value that is null
    }
    return candidates.stream()
        .<Ir>map(candidate -> new Ir.Compare(CompareOp.EQUAL, node.operand(0), candidate))
        .reduce(Ir.Or::new)
        .orElseThrow();
  }

  private static @Nullable Ir coalesce(Node node) {
    return ofOneType(node)
        ? new Ir.Coalesce(Objects.requireNonNull(node.physical()), node.operands())
        : null;
  }

  private static @Nullable Ir extremum(Node node, boolean greatest) {
    return ofOneType(node)
        ? new Ir.Extremum(greatest, Objects.requireNonNull(node.physical()), node.operands())
        : null;
  }

  private static @Nullable Ir nanvl(Node node) {
    if (node.operand(0).type() != PhysicalType.F64 || node.operand(1).type() != PhysicalType.F64) {
      return null;
    }
    return new Ir.If(
        PhysicalType.F64,
        node.call(Function.IS_NAN, node.operand(0)),
        node.operand(1),
        node.operand(0));
  }
}
