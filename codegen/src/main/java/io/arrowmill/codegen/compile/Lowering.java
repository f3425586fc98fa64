package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.Ir.CaseWhen;
import io.arrowmill.codegen.ir.Ir.Coalesce;
import io.arrowmill.codegen.ir.Ir.Extremum;
import io.arrowmill.codegen.ir.Traversal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Rewrites an expression into fewer kinds of node: CaseWhen becomes nested If, Coalesce and
 * Extremum get two operands. The result shares what the input shared.
 */
final class Lowering {

  private final IdentityHashMap<Ir, Ir> lowered = new IdentityHashMap<>();

  private Lowering() {}

  static Ir lower(Ir root) {
    Lowering lowering = new Lowering();
    List<Ir> postorder = Traversal.postorder(root);
    Traversal.requireCompilable(postorder);
    for (Ir node : postorder) {
      lowering.lowered.put(node, lowering.lowerNode(node));
    }
    return lowering.of(root);
  }

  private Ir of(Ir node) {
    Ir result = lowered.get(node);
    if (result == null) {
      throw new IllegalStateException("operand must be lowered before its user: node=" + node);
    }
    return result;
  }

  private List<Ir> all(List<? extends Ir> nodes) {
    List<Ir> result = new ArrayList<>(nodes.size());
    for (Ir node : nodes) {
      result.add(of(node));
    }
    return result;
  }

  private Ir lowerNode(Ir node) {
    return switch (node) {
      case Ir.Input input -> input;
      case Ir.Const constant -> constant;
      case Ir.Arithmetic n ->
          new Ir.Arithmetic(n.op(), n.type(), of(n.left()), of(n.right()), n.onError(), n.site());
      case Ir.Bitwise n -> new Ir.Bitwise(n.op(), n.type(), of(n.left()), of(n.right()));
      case Ir.Unary n -> new Ir.Unary(n.op(), n.type(), of(n.operand()), n.onError(), n.site());
      case Ir.Compare n -> new Ir.Compare(n.op(), of(n.left()), of(n.right()));
      case Ir.NullSafeEqual n -> new Ir.NullSafeEqual(of(n.left()), of(n.right()));
      case Ir.And n -> new Ir.And(of(n.left()), of(n.right()));
      case Ir.Or n -> new Ir.Or(of(n.left()), of(n.right()));
      case Ir.Not n -> new Ir.Not(of(n.operand()));
      case Ir.IsNull n -> new Ir.IsNull(of(n.operand()));
      case Ir.IsNotNull n -> new Ir.IsNotNull(of(n.operand()));
      case Ir.If n -> new Ir.If(n.type(), of(n.condition()), of(n.then()), of(n.otherwise()));
      case CaseWhen n -> lowerCaseWhen(n);
      case Coalesce n -> lowerCoalesce(n);
      case Extremum n -> lowerExtremum(n);
      case Ir.In n -> new Ir.In(of(n.operand()), n.constants());
      case Ir.Cast n -> new Ir.Cast(of(n.operand()), n.type(), n.onError(), n.site());
      case Ir.DecimalArithmetic n ->
          new Ir.DecimalArithmetic(
              n.op(),
              of(n.left()),
              n.leftScale(),
              of(n.right()),
              n.rightScale(),
              n.precision(),
              n.scale(),
              n.onError(),
              n.site());
      case Ir.DecimalCast n ->
          new Ir.DecimalCast(
              of(n.operand()),
              n.operandScale(),
              n.type(),
              n.precision(),
              n.scale(),
              n.onError(),
              n.site());
      case Ir.Like n -> new Ir.Like(of(n.operand()), n.pattern(), n.escape());
      case Ir.Call n -> new Ir.Call(n.function(), all(n.operands()), n.site());
      case Ir.Invoke n ->
          new Ir.Invoke(n.method(), n.type(), all(n.operands()), n.mayReturnNull(), n.site());
    };
  }

  private Ir lowerCaseWhen(CaseWhen node) {
    Ir result = of(node.otherwise());
    for (CaseWhen.Branch branch : node.branches().reversed()) {
      result = new Ir.If(node.type(), of(branch.condition()), of(branch.value()), result);
    }
    return result;
  }

  private Ir lowerCoalesce(Coalesce node) {
    List<Ir> operands = all(node.operands());
    Ir result = operands.getLast();
    for (int i = operands.size() - 2; i >= 0; i--) {
      result = new Coalesce(node.type(), List.of(operands.get(i), result));
    }
    return result;
  }

  private Ir lowerExtremum(Extremum node) {
    List<Ir> operands = all(node.operands());
    Ir result = operands.getFirst();
    for (int i = 1; i < operands.size(); i++) {
      result = new Extremum(node.greatest(), node.type(), List.of(result, operands.get(i)));
    }
    return result;
  }
}
