package io.arrowmill.codegen.table;

/** How a column's values lie in memory, and how many bytes one takes inside a table. */
public enum ValueKind {
  /** One bit a value, least significant first. */
  BOOL(0, 8),
  I8(1, 8),
  I16(2, 8),
  I32(4, 8),
  I64(8, 8),
  F32(4, 8),
  F64(8, 8),
  /** Sixteen bytes a value, little-endian two's complement. */
  DECIMAL128(16, 16),
  /** Int32 offsets into a data buffer: strings and binaries. */
  BYTES(0, 16);

  /** Bytes of a row that a key of bytes takes. */
  static final int TEXT_KEY_BYTES = 24;

  private final int columnBytes;
  private final int slotBytes;

  ValueKind(int columnBytes, int slotBytes) {
    this.columnBytes = columnBytes;
    this.slotBytes = slotBytes;
  }

  /** Bytes of one value in a column; 0 where they are not whole or not fixed. */
  public int columnBytes() {
    return columnBytes;
  }

  /**
   * Bytes of one value in a loaded slice or in a row's state: 8, or 16 for {@link #DECIMAL128} and
   * {@link #BYTES}.
   */
  public int slotBytes() {
    return slotBytes;
  }

  /** Bytes of one key in a table's row: as {@link #slotBytes}, but 24 for {@link #BYTES}. */
  public int keyBytes() {
    return this == BYTES ? TEXT_KEY_BYTES : slotBytes;
  }

  boolean isFloating() {
    return this == F32 || this == F64;
  }
}
