package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;
import static io.arrowmill.codegen.compile.Descriptors.OFF_HEAP;
import static io.arrowmill.codegen.compile.Descriptors.VOID;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;

/**
 * Writes an expression's values to an output column; the loop's result is the number of nulls.
 *
 * <pre>
 * OffHeap.putLong(target + i * 8, value);            // or target.append(address, length)
 * bits |= (long) (isNull ^ 1) &lt;&lt; i;                  // only if the expression can be null
 * nulls += isNull;
 * if ((i &amp; 63) == 63) { OffHeap.putLong(validity + (i &gt;&gt;&gt; 6) * 8, bits); bits = 0; }
 * </pre>
 */
final class OutputSink implements LoopEmitter.Sink {

  private final Ir expression;
  private final boolean nullable;
  private final int validityAddress;
  private int valueBits = -1;
  private int validityBits = -1;
  private int nulls = -1;

  OutputSink(Ir expression, boolean nullable) {
    this.expression = expression;
    this.nullable = nullable;
    this.validityAddress = LoopEmitter.validityLocal(expression.type() != PhysicalType.BYTES);
  }

  @Override
  public void before(MethodEmitter m) {
    if (expression.type() == PhysicalType.BOOL) {
      valueBits = LoopEmitter.newCounter(m, TypeKind.LONG);
    }
    if (nullable) {
      validityBits = LoopEmitter.newCounter(m, TypeKind.LONG);
      nulls = LoopEmitter.newCounter(m, TypeKind.INT);
    }
  }

  @Override
  public void row(MethodEmitter m, int index, int row) {
    CodeBuilder code = m.code();
    Value value = m.emit(expression);
    writeValue(m, value, index);
    if (nullable) {
      m.loadIsNull(value);
      code.iconst_1().ixor();
      addBit(code, validityBits, index);
      m.loadIsNull(value);
      code.iload(nulls).iadd().istore(nulls);
    }
    if (nullable || expression.type() == PhysicalType.BOOL) {
      Label notFull = code.newLabel();
      code.iload(index).loadConstant(63).iand().loadConstant(63).if_icmpne(notFull);
      writeWords(m, index);
      code.labelBinding(notFull);
    }
  }

  @Override
  public void after(MethodEmitter m) {
    CodeBuilder code = m.code();
    if (nullable || expression.type() == PhysicalType.BOOL) {
      Label noTail = code.newLabel();
      code.iload(LoopEmitter.COUNT).loadConstant(63).iand().ifeq(noTail);
      writeWords(m, LoopEmitter.COUNT);
      code.labelBinding(noTail);
    }
    code.loadConstant(0);
    if (nullable) {
      code.pop().iload(nulls);
    }
  }

  private void writeValue(MethodEmitter m, Value value, int index) {
    CodeBuilder code = m.code();
    switch (value.type()) {
      case BOOL -> {
        code.iload(value.slot());
        addBit(code, valueBits, index);
      }
      case BYTES -> appendBytes(m, value);
      case DECIMAL -> {
        pushTarget(code, index, 16);
        code.lload(value.slot());
        m.call(OFF_HEAP, "putLong", VOID, LONG, LONG);
        pushTarget(code, index, 16);
        code.loadConstant(8L).ladd().lload(value.second());
        m.call(OFF_HEAP, "putLong", VOID, LONG, LONG);
      }
      default -> {
        pushTarget(code, index, value.type().width());
        m.load(value);
        put(m, value.type());
      }
    }
  }

  private static void put(MethodEmitter m, PhysicalType type) {
    switch (type) {
      case I8 -> {
        m.code().i2b();
        m.call(OFF_HEAP, "putByte", VOID, LONG, Descriptors.BYTE);
      }
      case I16 -> {
        m.code().i2s();
        m.call(OFF_HEAP, "putShort", VOID, LONG, Descriptors.SHORT);
      }
      case I32 -> m.call(OFF_HEAP, "putInt", VOID, LONG, INT);
      case I64 -> m.call(OFF_HEAP, "putLong", VOID, LONG, LONG);
      case F32 -> m.call(OFF_HEAP, "putFloat", VOID, LONG, Descriptors.FLOAT);
      default -> m.call(OFF_HEAP, "putDouble", VOID, LONG, Descriptors.DOUBLE);
    }
  }

  /* if (isNull) target.appendNull(); else target.append(address, length); */
  private static void appendBytes(MethodEmitter m, Value value) {
    CodeBuilder code = m.code();
    Label isNull = code.newLabel();
    Label done = code.newLabel();
    if (value.nullable()) {
      code.iload(value.isNull()).ifne(isNull);
    }
    code.aload(LoopEmitter.TARGET);
    m.load(value);
    code.invokeinterface(Descriptors.BYTES_OUTPUT, "append", Descriptors.method(VOID, LONG, INT));
    if (value.nullable()) {
      code.goto_(done).labelBinding(isNull).aload(LoopEmitter.TARGET);
      code.invokeinterface(Descriptors.BYTES_OUTPUT, "appendNull", Descriptors.method(VOID));
      code.labelBinding(done);
    }
  }

  private static void pushTarget(CodeBuilder code, int index, int width) {
    code.lload(LoopEmitter.TARGET).iload(index).i2l().loadConstant((long) width).lmul().ladd();
  }

  /* bits |= (long) bit << i; with the bit on the stack */
  private static void addBit(CodeBuilder code, int bits, int index) {
    code.i2l().iload(index).lshl().lload(bits).lor().lstore(bits);
  }

  private void writeWords(MethodEmitter m, int index) {
    if (valueBits >= 0) {
      writeWord(m, LoopEmitter.TARGET, valueBits, index);
    }
    if (validityBits >= 0) {
      writeWord(m, validityAddress, validityBits, index);
    }
  }

  private static void writeWord(MethodEmitter m, int address, int bits, int index) {
    CodeBuilder code = m.code();
    code.lload(address).iload(index).loadConstant(6).iushr().i2l();
    code.loadConstant(8L).lmul().ladd().lload(bits);
    m.call(OFF_HEAP, "putLong", VOID, LONG, LONG);
    code.lconst_0().lstore(bits);
  }
}
