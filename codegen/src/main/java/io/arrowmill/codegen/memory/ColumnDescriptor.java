package io.arrowmill.codegen.memory;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/**
 * Where a column's buffers are, 32 bytes off-heap; the descriptors of several columns stand one
 * after the other.
 *
 * <pre>
 *   0        8        16       24       32
 *   +--------+--------+--------+--------+
 *   |validity| data   |offsets |reserved|
 *   +--------+--------+--------+--------+
 *    address  address  address  0
 *    or 0               or 0
 * </pre>
 *
 * <p>The buffers are Arrow's: validity and booleans are bits, least significant first; offsets are
 * int32; decimals are 16 bytes, little-endian. Validity 0 means that no row is null. A descriptor
 * borrows what it points to.
 */
public final class ColumnDescriptor {
  public static final int VALIDITY_OFFSET = 0;
  public static final int DATA_OFFSET = 8;
  public static final int OFFSETS_OFFSET = 16;
  public static final int RESERVED_OFFSET = 24;
  public static final int BYTES = 32;

  private ColumnDescriptor() {}

  /** Address of descriptor {@code index} of a block of descriptors. */
  public static long at(long block, int index) {
    return block + (long) index * BYTES;
  }

  /** Fills a descriptor. */
  public static void set(long descriptor, long validity, long data, long offsets) {
    putLong(descriptor + VALIDITY_OFFSET, validity);
    putLong(descriptor + DATA_OFFSET, data);
    putLong(descriptor + OFFSETS_OFFSET, offsets);
    putLong(descriptor + RESERVED_OFFSET, 0);
  }

  public static long validity(long descriptor) {
    return getLong(descriptor + VALIDITY_OFFSET);
  }

  public static long data(long descriptor) {
    return getLong(descriptor + DATA_OFFSET);
  }

  public static long offsets(long descriptor) {
    return getLong(descriptor + OFFSETS_OFFSET);
  }
}
