package io.arrowmill.codegen.ir;

import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;

/** Walks an expression without recursion; a node that is used twice is visited once. */
public final class Traversal {

  /** How deep an expression may nest. */
  public static final int DEPTH_MAX = 10_000;

  /** How many distinct nodes an expression may have. */
  public static final int NODES_MAX = 200_000;

  private Traversal() {}

  private record Visit(Ir node, boolean leaving) {}

  /** Every distinct node, operands before the nodes that use them. */
  public static List<Ir> postorder(Ir root) {
    List<Ir> order = new ArrayList<>();
    IdentityHashMap<Ir, Boolean> left = new IdentityHashMap<>();
    Deque<Visit> stack = new ArrayDeque<>();
    stack.push(new Visit(root, false));
    while (!stack.isEmpty()) {
      Visit visit = stack.pop();
      if (left.containsKey(visit.node())) {
        continue;
      }
      if (visit.leaving()) {
        left.put(visit.node(), true);
        order.add(visit.node());
        continue;
      }
      stack.push(new Visit(visit.node(), true));
      List<Ir> children = visit.node().children();
      for (int i = children.size() - 1; i >= 0; i--) {
        stack.push(new Visit(children.get(i), false));
      }
    }
    return order;
  }

  /** How deep an expression nests: 1 for a leaf. */
  public static int depth(List<Ir> postorder) {
    IdentityHashMap<Ir, Integer> depths = new IdentityHashMap<>();
    int deepest = 0;
    for (Ir node : postorder) {
      int depth = 0;
      for (Ir child : node.children()) {
        depth = Math.max(depth, depths.getOrDefault(child, 0));
      }
      depths.put(node, depth + 1);
      deepest = Math.max(deepest, depth + 1);
    }
    return deepest;
  }

  /** Whether an expression is within the limits. */
  public static boolean isCompilable(List<Ir> postorder) {
    return postorder.size() <= NODES_MAX && depth(postorder) <= DEPTH_MAX;
  }

  /**
   * Checks the limits.
   *
   * @throws KernelException EXPRESSION_TOO_LARGE if the expression is beyond them
   */
  public static void requireCompilable(List<Ir> postorder) {
    int depth = depth(postorder);
    if (depth > DEPTH_MAX || postorder.size() > NODES_MAX) {
      throw new KernelException(
          Condition.EXPRESSION_TOO_LARGE,
          "expression must nest at most %d deep and have at most %d nodes: depth=%d, nodes=%d;"
                  .formatted(DEPTH_MAX, NODES_MAX, depth, postorder.size())
              + " split it into several columns");
    }
  }
}
