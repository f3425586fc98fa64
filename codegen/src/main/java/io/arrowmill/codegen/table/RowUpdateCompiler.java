package io.arrowmill.codegen.table;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles the steps of several aggregates into one class that walks the rows of a slice.
 *
 * <pre>
 * static void dense0(long rows, long columns, int start, int count) {
 *   long data1 = OffHeap.getLong(columns + 40) + 8L * start;
 *   for (int i = 0; i &lt; count; i++) {
 *     long row = OffHeap.getLong(rows + 8L * i);
 *     if ((OffHeap.getInt(row + 4) &amp; 1) == 1) {
 *       CountPlan.step(row, 16);
 *       LongSumPlan.next(row, OffHeap.getLong(data1 + 8L * i), 24, …);
 *     } else {
 *       CountPlan.step(row, 16);
 *       LongSumPlan.first(row, OffHeap.getLong(data1 + 8L * i), 24, …);
 *     }
 *   }
 * }
 * </pre>
 *
 * <p>A method takes {@value #STEPS_MAX} steps at most: beyond that the JIT compiler stops inlining.
 * A method with a loop begins with {@value #ALONE_BYTES} bytes that do nothing, which makes it too
 * long to be inlined itself (HotSpot's {@code FreqInlineSize}): it is compiled alone, with all its
 * steps. Otherwise it depends on when it is compiled whether it becomes a part of a caller, where
 * there may be no room left for the steps: one JVM in ten was seen to take twice the time.
 */
final class RowUpdateCompiler {
  private static final int STEPS_MAX = 6;
  private static final int ALONE_BYTES = 325;
  private static final int CACHED_MAX = 256;

  private static final ClassDesc OFF_HEAP = OffHeap.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc DENSE =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_int, CD_int);
  private static final MethodTypeDesc GENERAL =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_int, CD_int);
  private static final MethodTypeDesc KEYED =
      MethodTypeDesc.of(
          CD_int, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long, CD_int, CD_int);

  private static final Map<List<Part>, RowUpdate> CACHE =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Part>, RowUpdate> eldest) {
          return size() > CACHED_MAX;
        }
      };

  /**
   * One aggregate in a generated class.
   *
   * @param column index of its descriptor
   * @param kind kind of its column; of no use where {@code counts} and not {@code skipsNulls}
   * @param skipsNulls whether it has a column, whose nulls it passes over
   */
  record Part(RowStep step, int column, ValueKind kind, boolean skipsNulls) {}

  private final ClassDesc name =
      ClassDesc.of(RowUpdateCompiler.class.getPackageName(), "GeneratedRowUpdate");

  private RowUpdateCompiler() {}

  /** The class of the given aggregates; equal ones share it. */
  static RowUpdate compile(List<Part> parts) {
    synchronized (CACHE) {
      return CACHE.computeIfAbsent(
          List.copyOf(parts), added -> new RowUpdateCompiler().define(added));
    }
  }

  private RowUpdate define(List<Part> parts) {
    byte[] bytes = ClassFile.of().build(name, builder -> build(builder, parts));
    try {
      MethodHandles.Lookup defined = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return (RowUpdate)
          defined
              .findConstructor(defined.lookupClass(), MethodType.methodType(void.class))
              .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("generated class must load: parts=" + parts, e);
    }
  }

  private void build(ClassBuilder builder, List<Part> parts) {
    builder
        .withFlags(ACC_PUBLIC | ACC_FINAL)
        .withInterfaceSymbols(RowUpdate.class.describeConstable().orElseThrow());
    builder.withMethodBody(
        ConstantDescs.INIT_NAME,
        ConstantDescs.MTD_void,
        ACC_PUBLIC,
        code ->
            code.aload(0)
                .invokespecial(
                    ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                .return_());
    List<List<Part>> chunks = new ArrayList<>();
    for (int at = 0; at < parts.size(); at += STEPS_MAX) {
      chunks.add(parts.subList(at, Math.min(parts.size(), at + STEPS_MAX)));
    }
    for (int c = 0; c < chunks.size(); c++) {
      List<Part> chunk = chunks.get(c);
      builder.withMethodBody(
          "dense" + c, DENSE, ACC_STATIC, code -> new Loop(code, chunk, Rows.DENSE).emit());
      builder.withMethodBody(
          "general" + c, GENERAL, ACC_STATIC, code -> new Loop(code, chunk, Rows.GENERAL).emit());
    }
    builder.withMethodBody(
        "dense",
        DENSE,
        ACC_PUBLIC | ACC_FINAL,
        code -> {
          for (int c = 0; c < chunks.size(); c++) {
            code.lload(1).lload(3).iload(5).iload(6).invokestatic(name, "dense" + c, DENSE);
          }
          code.return_();
        });
    builder.withMethodBody(
        "general",
        GENERAL,
        ACC_PUBLIC | ACC_FINAL,
        code -> {
          for (int c = 0; c < chunks.size(); c++) {
            code.lload(1).lload(3).lload(5).iload(7).iload(8);
            code.invokestatic(name, "general" + c, GENERAL);
          }
          code.return_();
        });
    buildKeyed(builder, parts);
  }

  private void buildKeyed(ClassBuilder builder, List<Part> parts) {
    if (isOneLoop(parts)) {
      builder.withMethodBody(
          "keyed0", KEYED, ACC_STATIC, code -> new Loop(code, parts, Rows.KEYED).emit());
    }
    builder.withMethodBody(
        "keyed",
        KEYED,
        ACC_PUBLIC | ACC_FINAL,
        code -> {
          if (isOneLoop(parts)) {
            code.lload(1).lload(3).lload(5).lload(7).iload(9).lload(10).iload(12).iload(13);
            code.invokestatic(name, "keyed0", KEYED).ireturn();
          } else {
            code.iconst_0().ireturn();
          }
        });
  }

  /** Whether the steps are few enough for one loop, as {@link RowUpdate#keyed} needs. */
  static boolean isOneLoop(List<Part> parts) {
    return parts.size() <= STEPS_MAX;
  }

  /** Which rows a loop takes: as the methods of {@link RowUpdate}. */
  private enum Rows {
    DENSE(4),
    GENERAL(6),
    KEYED(11);

    /** Local of the parameter {@code start}; {@code count} is the next one. */
    private final int start;

    Rows(int start) {
      this.start = start;
    }
  }

  /** Emits one loop over the rows of a slice. */
  private static final class Loop {
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

    /**
     * Local of the row's number in its column, or of the loop's counter where there is no other.
     */
    private int position;

    Loop(CodeBuilder code, List<Part> parts, Rows rows) {
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
}
