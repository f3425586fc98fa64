package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;

/** Bit operations: one instruction each, never failing. */
final class BitwiseEmitter {

  private BitwiseEmitter() {}

  /* value = left & right; */
  static Value emit(MethodEmitter m, Ir.Bitwise node) {
    return m.emitStrict(
        node,
        node.children(),
        false,
        (values, _) -> {
          m.load(values.get(0));
          m.load(values.get(1));
          pushResult(m.code(), node);
        });
  }

  private static void pushResult(CodeBuilder code, Ir.Bitwise node) {
    boolean isLong = node.type() == PhysicalType.I64;
    switch (node.op()) {
      case AND -> pick(isLong, code::land, code::iand);
      case OR -> pick(isLong, code::lor, code::ior);
      case XOR -> pick(isLong, code::lxor, code::ixor);
      case SHIFT_LEFT -> pick(isLong, code::lshl, code::ishl);
      case SHIFT_RIGHT -> pick(isLong, code::lshr, code::ishr);
      case SHIFT_RIGHT_UNSIGNED -> pick(isLong, code::lushr, code::iushr);
    }
  }

  private static void pick(boolean isLong, Runnable wide, Runnable narrow) {
    if (isLong) {
      wide.run();
    } else {
      narrow.run();
    }
  }
}
