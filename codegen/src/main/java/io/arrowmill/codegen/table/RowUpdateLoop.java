package io.arrowmill.codegen.table;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.RowUpdateCompiler.Part;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Emits one loop of {@link RowUpdateCompiler} over the rows of a slice. */
final class RowUpdateLoop {
  /** Begins a loop's method: see {@link RowUpdateCompiler}. */
  static final int ALONE_BYTES = 325;

  private static final ClassDesc OFF_HEAP = OffHeap.class.describeConstable().orElseThrow();

  /** Which rows a loop takes: as the methods of {@link RowUpdate}. */
  enum Rows {
    DENSE(4),
    GENERAL(6),
    KEYED(11);

    /** Local of the parameter {@code start}; {@code count} is the next one. */
    private final int start;

    Rows(int start) {
      this.start = start;
    }
  }

  private static final int ROWS = 0;
  private static final int SELECTION = 4;
  private static final int KEYS = 0;
  private static final int BASE = 2;
  private static final int SPAN = 4;
  private static final int ENTRIES = 6;
  private static final int EPOCH = 8;

  private final CodeBuilder code;
  private final List<Part> parts;
  private final Rows rows;
  private final boolean general;
  private final int columns;
  private final int start;
  private final int count;
  private final int[] data;
  private final int[] validity;
  private int row;
  private int index;

  /** Local of the row's number in its column, or of the loop's counter where there is no other. */
  private int position;

  RowUpdateLoop(CodeBuilder code, List<Part> parts, Rows rows) {
    this.code = code;
    this.parts = parts;
    this.rows = rows;
    general = rows == Rows.GENERAL;
    columns = rows == Rows.KEYED ? 9 : 2;
    start = rows.start;
    count = start + 1;
    data = new int[parts.size()];
    validity = new int[parts.size()];
  }

  void emit() {
    for (int at = 0; at < ALONE_BYTES; at++) {
      code.nop();
    }
    for (int p = 0; p < parts.size(); p++) {
      hoist(p);
    }
    row = code.allocateLocal(TypeKind.LONG);
    index = code.allocateLocal(TypeKind.INT);
    position = general ? code.allocateLocal(TypeKind.INT) : index;
    int head = code.allocateLocal(TypeKind.LONG);
    Label loop = code.newLabel();
    Label end = code.newLabel();
    if (rows == Rows.KEYED) {
      code.iload(EPOCH).i2l().loadConstant(-1L >>> Integer.SIZE).land();
      code.loadConstant((long) flags() << Integer.SIZE).lor().lstore(head);
    }
    code.iconst_0().istore(index);
    code.labelBinding(loop);
    code.iload(index).iload(count).if_icmpge(end);
    switch (rows) {
      case DENSE -> {
        emitRow();
        emitByFlags();
      }
      case GENERAL -> {
        emitRow();
        emitPosition();
        for (int p = 0; p < parts.size(); p++) {
          emitUnlessNull(p);
        }
      }
      case KEYED -> {
        emitRowOfKey(end);
        emitUnlessReady(head, end);
        emitNextSteps();
      }
    }
    code.iinc(index, 1).goto_(loop);
    code.labelBinding(end);
    if (rows == Rows.KEYED) {
      code.iload(index).ireturn();
    } else {
      code.return_();
    }
  }

  private void emitRow() {
    code.lload(ROWS).loadConstant(8L).iload(index).i2l().lmul().ladd();
    offHeap("getLong", CD_long);
    code.lstore(row);
  }

  /** Finds the group of a row's key, or goes to {@code end} if there is none. */
  private void emitRowOfKey(Label end) {
    int at = code.allocateLocal(TypeKind.LONG);
    code.lload(KEYS).loadConstant(8L).iload(index).i2l().lmul().ladd();
    offHeap("getLong", CD_long);
    code.lload(BASE).lsub().lstore(at);
    code.lload(at).lload(SPAN);
    code.invokestatic(
        ClassDesc.of(Long.class.getName()),
        "compareUnsigned",
        MethodTypeDesc.of(CD_int, CD_long, CD_long));
    code.ifge(end);
    code.lload(ENTRIES).loadConstant(8L).lload(at).lmul().ladd();
    offHeap("getLong", CD_long);
    code.lstore(row);
    code.lload(row).lconst_0().lcmp().ifeq(end);
  }

  /** Goes to {@code end} unless a group's epoch and flags, read as one, are as they should be. */
  private void emitUnlessReady(int head, Label end) {
    code.lload(row).loadConstant((long) RowLayout.EPOCH_OFFSET).ladd();
    offHeap("getLong", CD_long);
    code.loadConstant((long) flags() << Integer.SIZE | -1L >>> Integer.SIZE).land();
    code.lload(head).lcmp().ifne(end);
  }

  /** Reads a column's addresses into locals; in the dense loop they are advanced to the start. */
  private void hoist(int p) {
    Part part = parts.get(p);
    long descriptor = (long) part.column() * ColumnDescriptor.BYTES;
    if (part.step().input() != RowStep.Input.NONE) {
      data[p] = code.allocateLocal(TypeKind.LONG);
      code.lload(columns).loadConstant(descriptor + ColumnDescriptor.DATA_OFFSET).ladd();
      offHeap("getLong", CD_long);
      if (!general) {
        code.iload(start).i2l().loadConstant((long) part.kind().columnBytes()).lmul().ladd();
      }
      code.lstore(data[p]);
    }
    if (general && part.skipsNulls()) {
      validity[p] = code.allocateLocal(TypeKind.LONG);
      code.lload(columns).loadConstant(descriptor + ColumnDescriptor.VALIDITY_OFFSET).ladd();
      offHeap("getLong", CD_long);
      code.lstore(validity[p]);
    }
  }

  private void emitPosition() {
    Label selected = code.newLabel();
    Label done = code.newLabel();
    code.lload(SELECTION).lconst_0().lcmp().ifne(selected);
    code.iload(start).iload(index).iadd().istore(position).goto_(done);
    code.labelBinding(selected);
    code.lload(SELECTION).loadConstant(4L).iload(start).iload(index).iadd().i2l().lmul().ladd();
    offHeap("getInt", CD_int);
    code.istore(position);
    code.labelBinding(done);
  }

  private void emitUnlessNull(int p) {
    Label end = code.newLabel();
    if (parts.get(p).skipsNulls()) {
      Label present = code.newLabel();
      code.lload(validity[p]).lconst_0().lcmp().ifeq(present);
      emitBit(validity[p]);
      code.ifeq(end);
      code.labelBinding(present);
    }
    emitStep(p, parts.get(p).step().first());
    code.labelBinding(end);
  }

  private void emitBit(int bitmapLocal) {
    code.lload(bitmapLocal);
    if (general) {
      code.iload(position);
    } else {
      code.iload(start).iload(index).iadd();
    }
    code.i2l().invokestatic(OFF_HEAP, "getBit", MethodTypeDesc.of(CD_boolean, CD_long, CD_long));
  }

  /** The flags of all steps are looked at together: once a group is known, all are set. */
  private void emitByFlags() {
    int mask = flags();
    Label known = code.newLabel();
    Label end = code.newLabel();
    if (mask != 0) {
      code.lload(row).loadConstant((long) RowLayout.FLAGS_OFFSET).ladd();
      offHeap("getInt", CD_int);
      code.loadConstant(mask).iand().loadConstant(mask).if_icmpeq(known);
      for (int p = 0; p < parts.size(); p++) {
        emitStep(p, parts.get(p).step().first());
      }
      code.goto_(end);
      code.labelBinding(known);
    }
    emitNextSteps();
    code.labelBinding(end);
  }

  /** The steps' flags that are looked at together: those in the first word of a row's flags. */
  private int flags() {
    int mask = 0;
    for (Part part : parts) {
      mask |= isFar(part.step()) ? 0 : part.step().flagMask() << flagShift(part.step());
    }
    return mask;
  }

  private static int flagShift(RowStep step) {
    return step.flagMask() == 0 ? 0 : 8 * (step.flagByte() - RowLayout.FLAGS_OFFSET);
  }

  private static boolean isFar(RowStep step) {
    return flagShift(step) >= Integer.SIZE;
  }

  private void emitNextSteps() {
    for (int p = 0; p < parts.size(); p++) {
      RowStep step = parts.get(p).step();
      emitStep(p, isFar(step) ? step.first() : step.next());
    }
  }

  private void emitStep(int p, String method) {
    RowStep step = parts.get(p).step();
    List<ClassDesc> parameters = new ArrayList<>();
    parameters.add(CD_long);
    code.lload(row);
    switch (step.input()) {
      case NONE -> {}
      case LONG -> {
        emitLong(p);
        parameters.add(CD_long);
      }
      case DOUBLE -> {
        emitDouble(p);
        parameters.add(CD_double);
      }
      case DECIMAL -> {
        emitAddress(p);
        offHeap("getLong", CD_long);
        emitAddress(p);
        code.loadConstant(8L).ladd();
        offHeap("getLong", CD_long);
        parameters.add(CD_long);
        parameters.add(CD_long);
      }
    }
    for (int constant : step.constants()) {
      code.loadConstant(constant);
      parameters.add(CD_int);
    }
    ClassDesc owner = step.owner().describeConstable().orElseThrow();
    code.invokestatic(owner, method, MethodTypeDesc.of(CD_void, parameters));
  }

  private void emitAddress(int p) {
    code.lload(data[p]).loadConstant((long) parts.get(p).kind().columnBytes());
    code.iload(position).i2l().lmul().ladd();
  }

  private void emitLong(int p) {
    ValueKind kind = parts.get(p).kind();
    if (kind == ValueKind.BOOL) {
      emitBit(data[p]);
      code.i2l();
      return;
    }
    emitAddress(p);
    switch (kind) {
      case I8 -> {
        offHeap("getByte", ConstantDescs.CD_byte);
        code.i2l();
      }
      case I16 -> {
        offHeap("getShort", ConstantDescs.CD_short);
        code.i2l();
      }
      case I32 -> {
        offHeap("getInt", CD_int);
        code.i2l();
      }
      case I64 -> offHeap("getLong", CD_long);
      default -> throw new IllegalArgumentException("kind must be an integer: kind=" + kind);
    }
  }

  private void emitDouble(int p) {
    switch (parts.get(p).kind()) {
      case F32 -> {
        emitAddress(p);
        offHeap("getFloat", ConstantDescs.CD_float);
        code.f2d();
      }
      case F64 -> {
        emitAddress(p);
        offHeap("getDouble", CD_double);
      }
      default -> {
        emitLong(p);
        code.l2d();
      }
    }
  }

  private void offHeap(String method, ClassDesc result) {
    code.invokestatic(OFF_HEAP, method, MethodTypeDesc.of(result, CD_long));
  }
}
