package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.Traversal;
import java.util.IdentityHashMap;
import java.util.List;

/** Which expressions are computed in lanes. Asked of lowered expressions. */
final class LaneSupport {

  /** How many nodes an expression may have; a node counts as often as it is used. */
  private static final int NODES_MAX = 100;

  private LaneSupport() {}

  static boolean has(Ir root) {
    List<Ir> nodes = Traversal.postorder(root);
    return size(nodes) <= NODES_MAX && nodes.stream().allMatch(LaneSupport::hasNode);
  }

  /** How many nodes an expression has, or some number above the limit. */
  static int size(Ir root) {
    return size(Traversal.postorder(root));
  }

  private static int size(List<Ir> postorder) {
    IdentityHashMap<Ir, Integer> sizes = new IdentityHashMap<>();
    int size = 0;
    for (Ir node : postorder) {
      size = 1;
      for (Ir child : node.children()) {
        size = Math.min(NODES_MAX + 1, size + sizes.getOrDefault(child, 0));
      }
      sizes.put(node, size);
    }
    return size;
  }

  private static boolean hasNode(Ir node) {
    if (!LaneType.has(node.type())) {
      return false;
    }
    return switch (node) {
      case Ir.Arithmetic n -> LaneArithmetic.has(n);
      case Ir.Bitwise n -> LaneArithmetic.has(n);
      case Ir.In n -> LaneCompare.has(n);
      case Ir.Call n -> LaneTime.has(n);
      case Ir.DecimalArithmetic _, Ir.DecimalCast _, Ir.Like _, Ir.Invoke _, Ir.CaseWhen _ -> false;
      default -> true;
    };
  }

  /** Whether evaluating the node can be an error. */
  static boolean mayFail(Ir node) {
    if (Facts.failsItself(node)) {
      return true;
    }
    for (Ir child : node.children()) {
      if (mayFail(child)) {
        return true;
      }
    }
    return false;
  }
}
