package io.arrowmill.kernel;

import static io.arrowmill.codegen.ir.PhysicalType.BOOL;
import static io.arrowmill.codegen.ir.PhysicalType.BYTES;
import static io.arrowmill.codegen.ir.PhysicalType.I32;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.kernel.CallRules.Node;
import io.arrowmill.kernel.CallRules.Rule;
import io.arrowmill.types.DataTypes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions on strings. */
final class TextRules {
  private TextRules() {}

  static void register(Map<String, Rule> rules) {
    rules.put("length", node -> length(node, isText(node, 1) ? "characters" : "bytes"));
    rules.put("octet_length", node -> length(node, "bytes"));
    rules.put("startswith", node -> search(node, "startsWith"));
    rules.put("endswith", node -> search(node, "endsWith"));
    rules.put("contains", node -> search(node, "contains"));
    rules.put("lower", node -> made(node, "lower"));
    rules.put("upper", node -> made(node, "upper"));
    rules.put("substring", TextRules::substring);
    rules.put("concat", TextRules::concat);
    rules.put("like", TextRules::like);
  }

  /** Whether the first operands are strings. */
  private static boolean isText(Node node, int count) {
    for (int i = 0; i < count; i++) {
      if (!node.operandType(i).equals(DataTypes.STRING)) {
        return false;
      }
    }
    return true;
  }

  private static Ir invoke(Node node, String method, PhysicalType type, Ir... operands) {
    return node.invoke(TextKernels.class, method, type, operands);
  }

  private static @Nullable Ir length(Node node, String method) {
    return node.operand(0).type() == BYTES ? invoke(node, method, I32, node.operand(0)) : null;
  }

  private static @Nullable Ir search(Node node, String method) {
    return isText(node, 2) ? invoke(node, method, BOOL, node.operand(0), node.operand(1)) : null;
  }

  private static @Nullable Ir made(Node node, String method) {
    return isText(node, 1) ? invoke(node, method, BYTES, node.operand(0)) : null;
  }

  private static @Nullable Ir substring(Node node) {
    return node.count() == 3
            && isText(node, 1)
            && node.operand(1).type() == I32
            && node.operand(2).type() == I32
        ? invoke(node, "substring", BYTES, node.operand(0), node.operand(1), node.operand(2))
        : null;
  }

  private static @Nullable Ir concat(Node node) {
    if (!isText(node, node.count()) || node.count() == 0) {
      return null;
    }
    Ir result = node.operand(0);
    for (int i = 1; i < node.count(); i++) {
      result = invoke(node, "concat", BYTES, result, node.operand(i));
    }
    return result;
  }

  /** {@code LIKE} with wildcards at the ends of a constant only: an equality or a search. */
  private static @Nullable Ir like(Node node) {
    if (node.count() != 2
        || !isText(node, 2)
        || !(node.literal(1) instanceof String pattern)
        || pattern.indexOf('_') >= 0
        || pattern.indexOf('\\') >= 0) {
      return null;
    }
    boolean open = pattern.startsWith("%");
    boolean openEnd = pattern.length() > 1 && pattern.endsWith("%");
    String part =
        pattern.substring(open ? 1 : 0, openEnd ? pattern.length() - 1 : pattern.length());
    if (part.indexOf('%') >= 0 || (!open && !openEnd)) {
      return null;
    }
    String method = open && openEnd ? "contains" : open ? "endsWith" : "startsWith";
    return invoke(node, method, BOOL, node.operand(0), new Ir.Const(BYTES, ByteString.of(part)));
  }
}
