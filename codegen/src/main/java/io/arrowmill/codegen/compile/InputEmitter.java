package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;
import static io.arrowmill.codegen.compile.Descriptors.OFF_HEAP;

import io.arrowmill.codegen.ir.Ir;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;

/** Reads a column at the current row. */
final class InputEmitter {

  private InputEmitter() {}

  /*
   * value = OffHeap.getLong(data + index * 8);
   * isNull = Nullness.at(validity, row);
   */
  static Value emit(MethodEmitter m, Ir.Input node) {
    CodeBuilder code = m.code();
    RowAccess rows = m.rows();
    Value value = m.newValue(node.type());
    int column = node.column();
    switch (node.type()) {
      case BOOL -> {
        rows.pushData(column);
        rows.pushRow();
        code.i2l();
        m.call(OFF_HEAP, "getBit", Descriptors.BOOLEAN, LONG, LONG);
        code.istore(value.slot());
      }
      case BYTES -> emitBytes(m, column, value);
      case DECIMAL -> {
        rows.pushValueAddress(column, 16);
        m.call(OFF_HEAP, "getLong", LONG, LONG);
        code.lstore(value.slot());
        rows.pushValueAddress(column, 16);
        code.loadConstant(8L).ladd();
        m.call(OFF_HEAP, "getLong", LONG, LONG);
        code.lstore(value.second());
      }
      default -> {
        rows.pushValueAddress(column, node.type().width());
        emitGet(m, node);
        code.storeLocal(Descriptors.kind(node.type()), value.slot());
      }
    }
    if (!m.nullable(node)) {
      return value;
    }
    int isNull = m.newLocal(TypeKind.INT);
    rows.pushValidity(column);
    rows.pushRow();
    m.call(Descriptors.NULLNESS, "at", INT, LONG, INT);
    code.istore(isNull);
    return value.withNull(isNull);
  }

  private static void emitGet(MethodEmitter m, Ir.Input node) {
    switch (node.type()) {
      case I8 -> m.call(OFF_HEAP, "getByte", Descriptors.BYTE, LONG);
      case I16 -> m.call(OFF_HEAP, "getShort", Descriptors.SHORT, LONG);
      case I32 -> m.call(OFF_HEAP, "getInt", INT, LONG);
      case I64 -> m.call(OFF_HEAP, "getLong", LONG, LONG);
      case F32 -> m.call(OFF_HEAP, "getFloat", Descriptors.FLOAT, LONG);
      default -> m.call(OFF_HEAP, "getDouble", Descriptors.DOUBLE, LONG);
    }
  }

  /*
   * int begin = OffHeap.getInt(offsets + index * 4);
   * address = data + begin;
   * length = OffHeap.getInt(offsets + index * 4 + 4) - begin;
   */
  private static void emitBytes(MethodEmitter m, int column, Value value) {
    CodeBuilder code = m.code();
    int begin = m.newLocal(TypeKind.INT);
    m.rows().pushOffsetAddress(column);
    m.call(OFF_HEAP, "getInt", INT, LONG);
    code.istore(begin);
    m.rows().pushData(column);
    code.iload(begin).i2l().ladd().lstore(value.slot());
    m.rows().pushOffsetAddress(column);
    code.loadConstant(4L).ladd();
    m.call(OFF_HEAP, "getInt", INT, LONG);
    code.iload(begin).isub().istore(value.second());
  }
}
