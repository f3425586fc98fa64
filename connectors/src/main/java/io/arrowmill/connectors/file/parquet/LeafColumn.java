package io.arrowmill.connectors.file.parquet;

import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A flat column that this package can read: what its values are in the file, and as what they come
 * out of it.
 *
 * @param index among the leaves of the schema
 * @param field the name and Arrow type that the native reader would report
 * @param shape how values are laid out
 * @param width bytes of a value in the file, 0 where it varies or is a bit
 * @param optional whether there may be nulls
 */
record LeafColumn(int index, Field field, Shape shape, int width, boolean optional) {

  /** From a value in the file to a value in a vector. */
  enum Shape {
    /** A boolean to a bit. */
    BIT(0),
    /** The lowest byte of an int. */
    INT_TO_BYTE(1),
    /** The lowest two bytes of an int. */
    INT_TO_SHORT(2),
    /** Four bytes as they are. */
    FOUR(4),
    /** Eight bytes as they are. */
    EIGHT(8),
    /** Nanoseconds of a day and a Julian day to microseconds since 1970. */
    INT96_TO_MICROS(8),
    /** A decimal's unscaled int. */
    INT_TO_DECIMAL(16),
    /** A decimal's unscaled long. */
    LONG_TO_DECIMAL(16),
    /** A decimal's unscaled value as big-endian bytes of one length. */
    FIXED_TO_DECIMAL(16),
    /** Bytes of one length to bytes with offsets. */
    FIXED_TO_BYTES(0),
    /** Bytes with a length. */
    BYTES(0);

    /** Bytes of a value in a vector; 0 where it varies or is a bit. */
    final int vectorWidth;

    Shape(int vectorWidth) {
      this.vectorWidth = vectorWidth;
    }

    boolean isBytes() {
      return this == BYTES || this == FIXED_TO_BYTES;
    }
  }

  ArrowType type() {
    return field.getType();
  }
}
