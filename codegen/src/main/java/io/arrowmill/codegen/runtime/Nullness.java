package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;

/** Reads validity. */
public final class Nullness {

  private Nullness() {}

  /** Whether one of the named columns has validity bits. */
  public static boolean any(long columns, int[] which) {
    long any = 0;
    for (int column : which) {
      any |= ColumnDescriptor.validity(ColumnDescriptor.at(columns, column));
    }
    return any != 0;
  }

  /** 1 where a row's value is null, else 0; validity at address 0 says that none is. */
  public static int at(long validity, int row) {
    return validity == 0 ? 0 : ((OffHeap.getByte(validity + (row >>> 3)) >>> (row & 7)) & 1) ^ 1;
  }
}
