package io.arrowmill.connectors.file.parquet;

import io.arrowmill.connectors.file.parquet.LeafColumn.Shape;
import java.lang.foreign.MemorySegment;

/** Values of one width from their form in the file to that in a vector. */
final class FixedValues {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long JULIAN_DAY_OF_1970 = 2_440_588;

  private FixedValues() {}

  /**
   * Converts {@code count} values.
   *
   * @param index of the first value in {@code out}
   */
  static void convert(
      LeafColumn leaf, MemorySegment in, long from, MemorySegment out, long index, int count) {
    int width = leaf.width();
    long to = index * leaf.shape().vectorWidth;
    switch (leaf.shape()) {
      case FOUR, EIGHT -> MemorySegment.copy(in, from, out, to, (long) count * width);
      case INT_TO_BYTE -> {
        for (int i = 0; i < count; i++) {
          out.set(Layouts.BYTE, to + i, in.get(Layouts.BYTE, from + 4L * i));
        }
      }
      case INT_TO_SHORT -> {
        for (int i = 0; i < count; i++) {
          out.set(Layouts.SHORT, to + 2L * i, in.get(Layouts.SHORT, from + 4L * i));
        }
      }
      case INT96_TO_MICROS -> int96(in, from, out, to, count);
      case INT_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          decimal(out, to + 16L * i, in.get(Layouts.INT, from + 4L * i));
        }
      }
      case LONG_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          decimal(out, to + 16L * i, in.get(Layouts.LONG, from + 8L * i));
        }
      }
      case FIXED_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          bigEndianDecimal(in, from + (long) i * width, width, out, to + 16L * i);
        }
      }
      case BIT, FIXED_TO_BYTES, BYTES -> throw new IllegalStateException(leaf.toString());
    }
  }

  private static void int96(MemorySegment in, long from, MemorySegment out, long to, int count) {
    for (int i = 0; i < count; i++) {
      long nanos = in.get(Layouts.LONG, from + 12L * i);
      long day = in.get(Layouts.INT, from + 12L * i + 8);
      out.set(
          Layouts.LONG,
          to + 8L * i,
          (day - JULIAN_DAY_OF_1970) * MICROS_PER_DAY + Math.floorDiv(nanos, NANOS_PER_MICRO));
    }
  }

  /** Stores whole numbers, as the delta encoding gives them. */
  static void store(Shape shape, long[] values, int count, MemorySegment out, long index) {
    long to = index * shape.vectorWidth;
    switch (shape) {
      case INT_TO_BYTE -> {
        for (int i = 0; i < count; i++) {
          out.set(Layouts.BYTE, to + i, (byte) values[i]);
        }
      }
      case INT_TO_SHORT -> {
        for (int i = 0; i < count; i++) {
          out.set(Layouts.SHORT, to + 2L * i, (short) values[i]);
        }
      }
      case FOUR -> {
        for (int i = 0; i < count; i++) {
          out.set(Layouts.INT, to + 4L * i, (int) values[i]);
        }
      }
      case EIGHT -> {
        for (int i = 0; i < count; i++) {
          out.set(Layouts.LONG, to + 8L * i, values[i]);
        }
      }
      case INT_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          int unscaled = (int) values[i]; // sums wrap as ints do
          decimal(out, to + 16L * i, unscaled);
        }
      }
      case LONG_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          decimal(out, to + 16L * i, values[i]);
        }
      }
      default -> throw new IllegalStateException(shape.toString());
    }
  }

  private static void decimal(MemorySegment out, long to, long unscaled) {
    out.set(Layouts.LONG, to, unscaled);
    out.set(Layouts.LONG, to + 8, unscaled >> 63);
  }

  private static void bigEndianDecimal(
      MemorySegment in, long from, int width, MemorySegment out, long to) {
    long high = in.get(Layouts.BYTE, from) < 0 ? -1 : 0;
    long low = high;
    for (int i = 0; i < width; i++) {
      high = (high << 8) | (low >>> 56);
      low = (low << 8) | (in.get(Layouts.BYTE, from + i) & 0xFF);
    }
    out.set(Layouts.LONG, to, low);
    out.set(Layouts.LONG, to + 8, high);
  }

  /**
   * Copies the values of kept rows.
   *
   * @param from where the value of row {@code first} is
   * @param start index of the first kept row to copy
   * @param end index behind the last one
   * @param index of the first value in {@code out}
   */
  static void pick(
      int width,
      MemorySegment in,
      long from,
      int first,
      KeptRows kept,
      int start,
      int end,
      MemorySegment out,
      long index) {
    long base = from - (long) first * width;
    long to = index * width;
    switch (width) {
      case 1 -> {
        for (int i = start; i < end; i++) {
          out.set(Layouts.BYTE, to + i - start, in.get(Layouts.BYTE, base + kept.number(i)));
        }
      }
      case 2 -> {
        for (int i = start; i < end; i++) {
          long at = base + 2L * kept.number(i);
          out.set(Layouts.SHORT, to + 2L * (i - start), in.get(Layouts.SHORT, at));
        }
      }
      case 4 -> {
        for (int i = start; i < end; i++) {
          long at = base + 4L * kept.number(i);
          out.set(Layouts.INT, to + 4L * (i - start), in.get(Layouts.INT, at));
        }
      }
      case 8 -> {
        for (int i = start; i < end; i++) {
          long at = base + 8L * kept.number(i);
          out.set(Layouts.LONG, to + 8L * (i - start), in.get(Layouts.LONG, at));
        }
      }
      default -> {
        for (int i = start; i < end; i++) {
          long at = base + 16L * kept.number(i);
          long target = to + 16L * (i - start);
          out.set(Layouts.LONG, target, in.get(Layouts.LONG, at));
          out.set(Layouts.LONG, target + 8, in.get(Layouts.LONG, at + 8));
        }
      }
    }
  }

  /**
   * Moves {@code count} values at {@code index}, which lie dense, to where the bits of {@code
   * valid} are set; what lies between becomes zero.
   */
  static void spread(
      int width, MemorySegment values, MemorySegment valid, long index, int dense, int count) {
    long from = index + dense;
    for (long to = index + count - 1; to >= index; to--) {
      boolean set = Bits.get(valid, to);
      if (set) {
        from--;
      }
      switch (width) {
        case 1 -> values.set(Layouts.BYTE, to, set ? values.get(Layouts.BYTE, from) : 0);
        case 2 -> values.set(Layouts.SHORT, 2 * to, set ? values.get(Layouts.SHORT, 2 * from) : 0);
        case 4 -> values.set(Layouts.INT, 4 * to, set ? values.get(Layouts.INT, 4 * from) : 0);
        case 8 -> values.set(Layouts.LONG, 8 * to, set ? values.get(Layouts.LONG, 8 * from) : 0);
        default -> {
          long low = set ? values.get(Layouts.LONG, 16 * from) : 0;
          long high = set ? values.get(Layouts.LONG, 16 * from + 8) : 0;
          values.set(Layouts.LONG, 16 * to, low);
          values.set(Layouts.LONG, 16 * to + 8, high);
        }
      }
    }
  }
}
