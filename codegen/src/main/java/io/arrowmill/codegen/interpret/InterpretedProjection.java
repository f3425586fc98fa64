package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.BytesOutput;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expressions evaluated node by node. */
public final class InterpretedProjection implements ProjectKernel {

  private final List<Ir> expressions;
  private final boolean deep;

  /** A projection whose i-th expression writes the i-th output. */
  public InterpretedProjection(List<Ir> expressions) {
    this.expressions = List.copyOf(expressions);
    this.deep = expressions.stream().anyMatch(DeepStack::needed);
  }

  @Override
  public void project(long columns, long selection, int start, int count, KernelOutputs outputs) {
    Runnable work = () -> run(columns, selection, start, count, outputs);
    if (deep) {
      DeepStack.run(work);
    } else {
      work.run();
    }
  }

  private void run(long columns, long selection, int start, int count, KernelOutputs outputs) {
    MemoryRow reader = new MemoryRow(columns);
    for (int output = 0; output < expressions.size(); output++) {
      Ir expression = expressions.get(output);
      if (expression.type() == PhysicalType.BYTES) {
        outputs.bytes(output).begin(count);
      }
      int nulls = 0;
      for (int i = 0; i < count; i++) {
        int row = selection == 0 ? start + i : OffHeap.getInt(selection + (start + (long) i) * 4);
        Object value = IrInterpreter.evaluate(expression, reader.moveTo(row));
        nulls += value == null ? 1 : 0;
        write(outputs, output, i, expression.type(), value);
      }
      outputs.setNullCount(output, nulls);
    }
  }

  private static void write(
      KernelOutputs outputs, int output, int index, PhysicalType type, @Nullable Object value) {
    long validity = outputs.validityAddress(output);
    if (validity != 0) {
      OffHeap.putBit(validity, index, value != null);
    }
    if (type == PhysicalType.BYTES) {
      append(outputs.bytes(output), (ByteString) value);
      return;
    }
    long data = outputs.dataAddress(output);
    long address = data + (long) index * type.width();
    switch (value) {
      case null -> {}
      case Boolean v -> OffHeap.putBit(data, index, v);
      case Byte v -> OffHeap.putByte(address, v);
      case Short v -> OffHeap.putShort(address, v);
      case Integer v -> OffHeap.putInt(address, v);
      case Long v -> OffHeap.putLong(address, v);
      case Float v -> OffHeap.putFloat(address, v);
      case Double v -> OffHeap.putDouble(address, v);
      case BigInteger v -> {
        OffHeap.putLong(address, v.longValue());
        OffHeap.putLong(address + 8, v.shiftRight(64).longValue());
      }
      default -> throw new IllegalStateException("value of unknown class: value=" + value);
    }
  }

  private static void append(BytesOutput output, @Nullable ByteString value) {
    if (value == null) {
      output.appendNull();
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.max(1, value.length()));
      copy.copyFrom(MemorySegment.ofArray(value.toBytes()));
      output.append(copy.address(), value.length());
    }
  }
}
