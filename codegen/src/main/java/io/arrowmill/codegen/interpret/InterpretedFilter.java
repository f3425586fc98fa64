package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.memory.OffHeap;

/** A predicate evaluated node by node. */
public final class InterpretedFilter implements FilterKernel {

  private final Ir predicate;
  private final boolean deep;

  /** A filter by a predicate of type BOOL. */
  public InterpretedFilter(Ir predicate) {
    this.predicate = predicate;
    this.deep = DeepStack.needed(predicate);
  }

  @Override
  public int filter(long columns, int start, int count, long selectionOut) {
    return filter(columns, 0, start, count, selectionOut);
  }

  @Override
  public int filter(long columns, long selection, int start, int count, long selectionOut) {
    int[] selected = new int[1];
    Runnable work = () -> selected[0] = run(columns, selection, start, count, selectionOut);
    if (deep) {
      DeepStack.run(work);
    } else {
      work.run();
    }
    return selected[0];
  }

  private int run(long columns, long selection, int start, int count, long selectionOut) {
    MemoryRow reader = new MemoryRow(columns);
    int selected = 0;
    for (int i = start; i < start + count; i++) {
      int row = selection == 0 ? i : OffHeap.getInt(selection + (long) i * 4);
      if (Boolean.TRUE.equals(IrInterpreter.evaluate(predicate, reader.moveTo(row)))) {
        OffHeap.putInt(selectionOut + (long) selected * 4, row);
        selected++;
      }
    }
    return selected;
  }
}
