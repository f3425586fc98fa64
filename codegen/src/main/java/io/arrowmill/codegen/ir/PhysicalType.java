package io.arrowmill.codegen.ir;

/** How a value lies in memory; the layouts are Arrow's, little-endian. */
public enum PhysicalType {
  /** One bit a value, least significant bit first. */
  BOOL(0),
  I8(1),
  I16(2),
  I32(4),
  I64(8),
  F32(4),
  F64(8),
  /** A 128-bit two's-complement unscaled value, low half first. */
  DECIMAL(16),
  /** UTF-8 text or binary: int32 offsets into a data buffer. */
  BYTES(0);

  private final int width;

  PhysicalType(int width) {
    this.width = width;
  }

  /** Bytes a value, or 0 where a value has no fixed number of whole bytes (BOOL, BYTES). */
  public int width() {
    return width;
  }

  /** Whether this is I8, I16, I32 or I64. */
  public boolean isInteger() {
    return this == I8 || this == I16 || this == I32 || this == I64;
  }

  /** Whether this is F32 or F64. */
  public boolean isFloating() {
    return this == F32 || this == F64;
  }
}
