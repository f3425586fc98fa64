package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.lang.foreign.MemorySegment;

/**
 * The entries of a dictionary in the form of vectors, on the heap, where each access is checked: a
 * code that is none ends in an {@link IndexOutOfBoundsException}.
 */
final class FixedDictionary {
  private final int width;
  private final int[] ints;
  private final long[] longs;

  private FixedDictionary(int width, int[] ints, long[] longs) {
    this.width = width;
    this.ints = ints;
    this.longs = longs;
  }

  /** A dictionary of {@code count} plain values. */
  static FixedDictionary of(LeafColumn leaf, PageBytes page, int count, OffHeapBytes scratch) {
    check((long) count * leaf.width() <= page.size(), "a dictionary must have the entries it says");
    int width = leaf.shape().vectorWidth;
    MemorySegment values = scratch.ensure((long) count * width);
    FixedValues.convert(leaf, page.memory(), page.from(), values, 0, count);
    int[] ints = new int[width <= 4 ? count : 0];
    long[] longs = new long[width == 8 ? count : width == 16 ? 2 * count : 0];
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          ints[i] = values.get(Layouts.BYTE, i);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          ints[i] = values.get(Layouts.SHORT, 2L * i);
        }
      }
      case 4 -> MemorySegment.copy(values, Layouts.INT, 0, ints, 0, count);
      default -> MemorySegment.copy(values, Layouts.LONG, 0, longs, 0, longs.length);
    }
    return new FixedDictionary(width, ints, longs);
  }

  int size() {
    return width == 16 ? longs.length / 2 : Math.max(ints.length, longs.length);
  }

  /** Writes the entries that {@code codes} stand for. */
  void look(int[] codes, int count, MemorySegment out, long index) {
    int[] narrow = ints;
    long[] wide = longs;
    long to = index * width;
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          out.set(Layouts.BYTE, to + i, (byte) narrow[codes[i]]);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          out.set(Layouts.SHORT, to + 2L * i, (short) narrow[codes[i]]);
        }
      }
      case 4 -> look(narrow, codes, count, out, to);
      case 8 -> look(wide, codes, count, out, to);
      default -> {
        for (int i = 0; i < count; i++) {
          int code = codes[i];
          out.set(Layouts.LONG, to + 16L * i, wide[2 * code]);
          out.set(Layouts.LONG, to + 16L * i + 8, wide[2 * code + 1]);
        }
      }
    }
  }

  private static void look(int[] entries, int[] codes, int count, MemorySegment out, long to) {
    for (int i = 0; i < count; i++) {
      out.set(Layouts.INT, to + 4L * i, entries[codes[i]]);
    }
  }

  private static void look(long[] entries, int[] codes, int count, MemorySegment out, long to) {
    for (int i = 0; i < count; i++) {
      out.set(Layouts.LONG, to + 8L * i, entries[codes[i]]);
    }
  }
}
