package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Traversal;
import io.arrowmill.codegen.ir.UnaryOp;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of each node of a lowered expression before it is emitted, and where it is cut into
 * methods.
 *
 * <p>The nodes of one method add up to about {@link #METHOD_BYTES_MAX} bytes of bytecode; bigger
 * operands, and shared operands that are not small, become methods of their own.
 */
final class Facts {

  private static final int METHOD_BYTES_MAX = 1_500;
  private static final int CALL_BYTES = 40;
  private static final int SHARED_INLINE_BYTES_MAX = 100;
  private static final int LAZY_BYTES_MIN = 200;

  private record Fact(boolean nullable, boolean nullableInput, boolean mayFail, int inlineBytes) {}

  private final IdentityHashMap<Ir, Fact> facts = new IdentityHashMap<>();
  private final IdentityHashMap<Ir, Boolean> methods = new IdentityHashMap<>();
  private final Set<Integer> nullableColumns = new TreeSet<>();
  private final boolean usesScratch;

  Facts(Ir root) {
    List<Ir> postorder = Traversal.postorder(root);
    IdentityHashMap<Ir, Integer> uses = new IdentityHashMap<>();
    boolean scratch = false;
    for (Ir node : postorder) {
      boolean makesBytes =
          node.type() == PhysicalType.BYTES
              && (node instanceof Ir.Call || node instanceof Ir.DecimalCast);
      scratch |= makesBytes || node instanceof Ir.Invoke;
      for (Ir child : node.children()) {
        uses.merge(child, 1, Integer::sum);
      }
    }
    usesScratch = scratch;
    for (Ir node : postorder) {
      int bytes = cut(node);
      if (uses.getOrDefault(node, 1) > 1 && bytes > SHARED_INLINE_BYTES_MAX) {
        methods.put(node, true);
      }
      if (node instanceof Ir.Input input && input.nullable()) {
        nullableColumns.add(input.column());
      }
      facts.put(
          node,
          new Fact(computeNullable(node, false), computeNullable(node, true), fails(node), bytes));
    }
  }

  /** Whether the node can be null, given whether columns have nulls at all. */
  boolean nullable(Ir node, boolean columnsHaveNulls) {
    return columnsHaveNulls ? fact(node).nullableInput() : fact(node).nullable();
  }

  /** Whether evaluating the node can throw. */
  boolean mayFail(Ir node) {
    return fact(node).mayFail();
  }

  /** Whether the node is better skipped than evaluated in vain. */
  boolean lazy(Ir node) {
    return mayFail(node) || inlineBytes(node) > LAZY_BYTES_MIN || isMethod(node);
  }

  /** Whether the node gets a method of its own. */
  boolean isMethod(Ir node) {
    return methods.containsKey(node);
  }

  /** How many bytes of bytecode the node comes to where it is inlined. */
  int inlineBytes(Ir node) {
    return fact(node).inlineBytes();
  }

  /** The columns that may have nulls, ascending. */
  List<Integer> nullableColumns() {
    return List.copyOf(nullableColumns);
  }

  /** Whether a row leaves something in scratch memory. */
  boolean usesScratch() {
    return usesScratch;
  }

  private Fact fact(Ir node) {
    Fact fact = facts.get(node);
    if (fact == null) {
      throw new IllegalStateException("node must belong to the expression: node=" + node);
    }
    return fact;
  }

  /**
   * The node's bytes with its operands inlined, after the biggest of them were cut out as far as is
   * needed.
   */
  private int cut(Ir node) {
    int bytes = ownBytes(node);
    List<Ir> inline = new ArrayList<>();
    for (Ir child : node.children()) {
      bytes += isMethod(child) ? CALL_BYTES : inlineBytes(child);
      if (!isMethod(child)) {
        inline.add(child);
      }
    }
    inline.sort((a, b) -> Integer.compare(inlineBytes(b), inlineBytes(a)));
    for (Ir child : inline) {
      if (bytes <= METHOD_BYTES_MAX) {
        break;
      }
      if (!isMethod(child)) {
        methods.put(child, true);
        bytes += CALL_BYTES - inlineBytes(child);
      }
    }
    return bytes;
  }

  private static int ownBytes(Ir node) {
    return switch (node) {
      case Ir.Input _, Ir.Const _ -> 30;
      case Ir.In n -> 60 + 12 * Math.min(n.constants().size(), InEmitter.INLINE_MAX);
      case Ir.Call n -> 60 + 16 * n.operands().size();
      case Ir.Invoke n -> 60 + 16 * n.operands().size();
      case Ir.And _, Ir.Or _ -> 40;
      default -> 50;
    };
  }

  private boolean computeNullable(Ir node, boolean columnsHaveNulls) {
    return switch (node) {
      case Ir.Input n -> columnsHaveNulls && n.nullable();
      case Ir.Const n -> n.value() == null;
      case Ir.IsNull _, Ir.IsNotNull _, Ir.NullSafeEqual _ -> false;
      case Ir.If n ->
          nullable(n.then(), columnsHaveNulls) || nullable(n.otherwise(), columnsHaveNulls);
      case Ir.Coalesce n -> n.operands().stream().allMatch(c -> nullable(c, columnsHaveNulls));
      case Ir.Extremum n -> n.operands().stream().allMatch(c -> nullable(c, columnsHaveNulls));
      default ->
          makesNull(node) || node.children().stream().anyMatch(c -> nullable(c, columnsHaveNulls));
    };
  }

  /** Whether the node can be null though no operand is. */
  static boolean makesNull(Ir node) {
    return switch (node) {
      case Ir.Arithmetic n ->
          (n.onError() == OnError.NULL && (n.type().isInteger() || n.op().divides()))
              || (n.onError() == OnError.WRAP && n.op().divides());
      case Ir.Unary n -> n.onError() == OnError.NULL && n.type().isInteger() && signed(n.op());
      case Ir.Cast n -> n.onError() == OnError.NULL && CastEmitter.narrows(n);
      case Ir.DecimalArithmetic n -> n.onError() == OnError.NULL;
      case Ir.DecimalCast n ->
          n.operand().type().isFloating()
              || (n.onError() == OnError.NULL && DecimalEmitter.narrows(n));
      case Ir.In n -> n.constants().stream().anyMatch(c -> c.value() == null);
      case Ir.Call n -> n.function().mayReturnNull();
      case Ir.Invoke n -> n.mayReturnNull();
      default -> false;
    };
  }

  private static boolean signed(UnaryOp op) {
    return op == UnaryOp.NEGATE || op == UnaryOp.ABS;
  }

  private boolean fails(Ir node) {
    for (Ir child : node.children()) {
      if (mayFail(child)) {
        return true;
      }
    }
    return failsItself(node);
  }

  /** Whether the node throws though no operand does. */
  static boolean failsItself(Ir node) {
    return switch (node) {
      case Ir.Arithmetic n ->
          n.onError() == OnError.FAIL && (n.type().isInteger() || n.op().divides());
      case Ir.Unary n -> n.onError() == OnError.FAIL && n.type().isInteger() && signed(n.op());
      case Ir.Cast n -> n.onError() == OnError.FAIL && CastEmitter.narrows(n);
      case Ir.DecimalArithmetic n -> n.onError() == OnError.FAIL;
      case Ir.DecimalCast n -> n.onError() == OnError.FAIL && DecimalEmitter.narrows(n);
      case Ir.Call n -> n.function().mayFail();
      case Ir.Invoke _ -> true;
      default -> false;
    };
  }
}
