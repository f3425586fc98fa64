package io.arrowmill.kernel;

import static io.arrowmill.codegen.ir.PhysicalType.BYTES;
import static io.arrowmill.codegen.ir.PhysicalType.I32;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.runtime.LikePattern;
import io.arrowmill.kernel.CallRules.Node;
import io.arrowmill.kernel.CallRules.Rule;
import io.arrowmill.types.DataTypes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions on strings. */
final class TextRules {
  private TextRules() {}

  static void register(Map<String, Rule> rules) {
    rules.put(
        "length",
        node -> length(node, isText(node, 1) ? Function.CHAR_LENGTH : Function.OCTET_LENGTH));
    rules.put("octet_length", node -> length(node, Function.OCTET_LENGTH));
    rules.put("startswith", node -> search(node, Function.STARTS_WITH));
    rules.put("endswith", node -> search(node, Function.ENDS_WITH));
    rules.put("contains", node -> search(node, Function.CONTAINS));
    rules.put("lower", node -> made(node, Function.LOWER));
    rules.put("upper", node -> made(node, Function.UPPER));
    rules.put("trim", node -> made(node, Function.TRIM));
    rules.put("ltrim", node -> made(node, Function.TRIM_LEFT));
    rules.put("rtrim", node -> made(node, Function.TRIM_RIGHT));
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

  private static @Nullable Ir length(Node node, Function function) {
    return node.operand(0).type() == BYTES ? node.call(function, node.operand(0)) : null;
  }

  private static @Nullable Ir search(Node node, Function function) {
    return isText(node, 2) ? node.call(function, node.operand(0), node.operand(1)) : null;
  }

  private static @Nullable Ir made(Node node, Function function) {
    return isText(node, 1) && node.count() == 1 ? node.call(function, node.operand(0)) : null;
  }

  private static @Nullable Ir substring(Node node) {
    return node.count() == 3
            && isText(node, 1)
            && node.operand(1).type() == I32
            && node.operand(2).type() == I32
        ? node.call(Function.SUBSTRING, node.operand(0), node.operand(1), node.operand(2))
        : null;
  }

  private static @Nullable Ir concat(Node node) {
    if (!isText(node, node.count()) || node.count() == 0) {
      return null;
    }
    Ir result = node.operand(0);
    for (int i = 1; i < node.count(); i++) {
      result = node.call(Function.CONCAT, result, node.operand(i));
    }
    return result;
  }

  /**
   * {@code LIKE} a constant: an equality or search where the wildcards are at its ends only. A
   * pattern that is an error is left to the interpreter, which says so if a row is met.
   */
  private static @Nullable Ir like(Node node) {
    if (!isText(node, 2)
        || !(node.literal(1) instanceof String pattern)
        || !(node.literal(2, "\\") instanceof String escape)
        || escape.length() != 1
        || !LikePattern.isValid(pattern, escape.charAt(0))) {
      return null;
    }
    Ir text = node.operand(0);
    boolean plain = pattern.indexOf('_') < 0 && pattern.indexOf(escape) < 0;
    boolean open = pattern.startsWith("%");
    boolean openEnd = pattern.length() > 1 && pattern.endsWith("%");
    String part =
        pattern.substring(open ? 1 : 0, openEnd ? pattern.length() - 1 : pattern.length());
    if (!plain || part.indexOf('%') >= 0 || (!open && !openEnd)) {
      return new Ir.Like(text, pattern, escape.charAt(0));
    }
    Function function =
        open && openEnd ? Function.CONTAINS : open ? Function.ENDS_WITH : Function.STARTS_WITH;
    return node.call(function, text, new Ir.Const(BYTES, ByteString.of(part)));
  }
}
