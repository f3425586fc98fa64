package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Ir;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/** Puts constants into locals; bytes go off-heap, for as long as the generated class lives. */
final class ConstEmitter {

  private ConstEmitter() {}

  static Value emit(MethodEmitter m, Ir.Const node) {
    CodeBuilder code = m.code();
    Value value = m.newValue(node.type());
    Object constant = node.value();
    if (constant == null) {
      m.storeZero(value);
      Value nothing = value.withNull(m.newLocal(TypeKind.INT));
      code.iconst_1().istore(nothing.isNull());
      return nothing;
    }
    switch (constant) {
      case Boolean v -> code.loadConstant(v ? 1 : 0);
      case Long v -> code.loadConstant(v);
      case Float v -> code.loadConstant(v);
      case Double v -> code.loadConstant(v);
      case ByteString v -> {
        code.loadConstant(place(m, v.toBytes())).lstore(value.slot());
        code.loadConstant(v.length()).istore(value.second());
        return value;
      }
      case BigInteger v -> {
        code.loadConstant(v.longValue()).lstore(value.slot());
        code.loadConstant(v.shiftRight(64).longValue()).lstore(value.second());
        return value;
      }
      case Number v -> code.loadConstant(v.intValue());
      default -> throw new IllegalStateException("constant of unknown class: value=" + constant);
    }
    code.storeLocal(Descriptors.kind(node.type()), value.slot());
    return value;
  }

  private static long place(MethodEmitter m, byte[] bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(Math.max(1, bytes.length));
    segment.copyFrom(MemorySegment.ofArray(bytes));
    m.keepAlive(segment);
    return segment.address();
  }
}
