package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.putByte;

/**
 * Where in a row an accumulator keeps its state: bytes of its own and up to eight flags.
 *
 * @param offset bytes from the row's start to the state, a multiple of 8
 * @param flagByte bytes from the row's start to the byte that holds the flags
 * @param flagShift position of the first flag in that byte
 * @param accumulator number of the accumulator among those of the table
 */
public record StateSlot(int offset, int flagByte, int flagShift, int accumulator) {

  /** Mask of flag {@code index} in the flags' byte. */
  public int flagMask(int index) {
    return 1 << (flagShift + index);
  }

  public boolean flag(long row, int index) {
    return (getByte(row + flagByte) & flagMask(index)) != 0;
  }

  public void setFlag(long row, int index, boolean value) {
    int old = getByte(row + flagByte);
    int mask = flagMask(index);
    putByte(row + flagByte, (byte) (value ? old | mask : old & ~mask));
  }
}
