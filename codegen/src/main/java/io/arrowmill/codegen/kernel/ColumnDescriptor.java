package io.arrowmill.codegen.kernel;

import io.arrowmill.codegen.memory.Memory;

/**
 * The layout of the block that names a kernel's input columns: 32 bytes a column, in the order of the columns.
 *
 * <pre>
 *   0                   8                   16                  24                  32
 *  +-------------------+-------------------+-------------------+-------------------+
 *  |  validityAddress  |    dataAddress    |  offsetsAddress   |     (unused)      |
 *  +-------------------+-------------------+-------------------+-------------------+
 * </pre>
 *
 * <p>The addresses are those of Arrow's buffers, of row 0; rows are addressed by absolute index. A validityAddress of 0
 * says that the column holds no null. The offsetsAddress is used by BYTES only. The block belongs to the caller and is
 * read during a call only.
 */
public final class ColumnDescriptor {

  /** Bytes a column. */
  public static final int BYTES = 32;

  /** Where the validity bits are, or 0 if no value is null. */
  public static final int VALIDITY_ADDRESS = 0;

  /** Where the values (or for BYTES the text) are. */
  public static final int DATA_ADDRESS = 8;

  /** Where the int32 offsets of BYTES are. */
  public static final int OFFSETS_ADDRESS = 16;

  private ColumnDescriptor() {}

  /** Describes a fixed-width column. */
  public static void set(long columns, int column, long validityAddress, long dataAddress) {
    set(columns, column, validityAddress, dataAddress, 0);
  }

  /** Describes a column; {@code offsetsAddress} is for BYTES only. */
  public static void set(
      long columns, int column, long validityAddress, long dataAddress, long offsetsAddress) {
    long block = columns + (long) column * BYTES;
    Memory.putLong(block + VALIDITY_ADDRESS, validityAddress);
    Memory.putLong(block + DATA_ADDRESS, dataAddress);
    Memory.putLong(block + OFFSETS_ADDRESS, offsetsAddress);
  }

  /** Where a column's validity bits are, or 0. */
  public static long validityAddress(long columns, int column) {
    return Memory.getLong(columns + (long) column * BYTES + VALIDITY_ADDRESS);
  }

  /** Where a column's values are. */
  public static long dataAddress(long columns, int column) {
    return Memory.getLong(columns + (long) column * BYTES + DATA_ADDRESS);
  }

  /** Where a column's offsets are. */
  public static long offsetsAddress(long columns, int column) {
    return Memory.getLong(columns + (long) column * BYTES + OFFSETS_ADDRESS);
  }

  /** Whether one of the named columns has validity bits. */
  public static boolean anyValidity(long columns, int[] which) {
    long any = 0;
    for (int column : which) {
      any |= validityAddress(columns, column);
    }
    return any != 0;
  }
}
