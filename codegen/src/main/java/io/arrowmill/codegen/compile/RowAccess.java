package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.HashMap;
import java.util.Map;

/**
 * How emitted code reaches the columns at the current row: from addresses that a loop's prologue
 * has put into locals, or from the descriptor block.
 */
final class RowAccess {

  private final MethodEmitter emitter;
  private final int rowLocal;
  private final int indexLocal;
  private final Map<Address, Integer> hoisted = new HashMap<>();

  /**
   * One address of a column.
   *
   * @param stride bytes a row by which the address is advanced to the first row, or 0
   */
  private record Address(int column, int offset, int stride) {}

  /**
   * Rows by their absolute index.
   *
   * @param rowLocal the local of the row's index
   * @param indexLocal the local that counts from 0, for addresses that were advanced to the first
   *     row
   */
  RowAccess(MethodEmitter emitter, int rowLocal, int indexLocal) {
    this.emitter = emitter;
    this.rowLocal = rowLocal;
    this.indexLocal = indexLocal;
  }

  /** Emits the prologue: reads a column's addresses into locals. */
  void hoist(int column, PhysicalType type, boolean validity, int startLocal) {
    if (validity) {
      hoist(new Address(column, ColumnDescriptor.VALIDITY_OFFSET, 0), startLocal);
    }
    boolean dense = rowLocal != indexLocal;
    if (type == PhysicalType.BYTES) {
      hoist(new Address(column, ColumnDescriptor.OFFSETS_OFFSET, dense ? 4 : 0), startLocal);
    }
    hoist(new Address(column, ColumnDescriptor.DATA_OFFSET, dense ? type.width() : 0), startLocal);
  }

  private void hoist(Address address, int startLocal) {
    if (hoisted.containsKey(address)) {
      return;
    }
    CodeBuilder code = emitter.code();
    int local = emitter.newLocal(TypeKind.LONG);
    pushFromBlock(address);
    if (address.stride() > 0) {
      code.iload(startLocal).i2l().loadConstant((long) address.stride()).lmul().ladd();
    }
    code.lstore(local);
    hoisted.put(address, local);
  }

  /** Pushes the address of the bitmap of a column's validity, or 0. */
  void pushValidity(int column) {
    pushAddress(new Address(column, ColumnDescriptor.VALIDITY_OFFSET, 0));
  }

  /** Pushes the address of a column's data. */
  void pushData(int column) {
    pushAddress(new Address(column, ColumnDescriptor.DATA_OFFSET, 0));
  }

  /** Pushes the absolute index of the row. */
  void pushRow() {
    emitter.code().iload(rowLocal);
  }

  /** Pushes the address of the row's fixed-width value. */
  void pushValueAddress(int column, int width) {
    pushIndexed(column, ColumnDescriptor.DATA_OFFSET, width);
  }

  /** Pushes the address of the row's first offset. */
  void pushOffsetAddress(int column) {
    pushIndexed(column, ColumnDescriptor.OFFSETS_OFFSET, 4);
  }

  private void pushIndexed(int column, int offset, int width) {
    Address advanced = new Address(column, offset, width);
    boolean fromStart = hoisted.containsKey(advanced);
    pushAddress(fromStart ? advanced : new Address(column, offset, 0));
    emitter.code().iload(fromStart ? indexLocal : rowLocal).i2l();
    emitter.code().loadConstant((long) width).lmul().ladd();
  }

  private void pushAddress(Address address) {
    Integer local = hoisted.get(address);
    if (local == null) {
      pushFromBlock(address);
    } else {
      emitter.code().lload(local);
    }
  }

  private void pushFromBlock(Address address) {
    emitter
        .code()
        .lload(MethodEmitter.COLUMNS)
        .loadConstant((long) address.column() * ColumnDescriptor.BYTES + address.offset())
        .ladd()
        .invokestatic(
            Descriptors.OFF_HEAP,
            "getLong",
            Descriptors.method(Descriptors.LONG, Descriptors.LONG));
  }
}
