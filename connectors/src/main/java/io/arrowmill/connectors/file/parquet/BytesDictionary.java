package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.checkRange;

import java.lang.foreign.MemorySegment;

/**
 * A dictionary of byte strings: a copy of its page, and where each entry lies in it. A code that is
 * none ends in an {@link IndexOutOfBoundsException}.
 */
final class BytesDictionary {
  private final MemorySegment memory;
  private final int[] starts;
  private final int[] lengths;
  private final int lengthMax;

  private BytesDictionary(MemorySegment memory, int[] starts, int[] lengths, int lengthMax) {
    this.memory = memory;
    this.starts = starts;
    this.lengths = lengths;
    this.lengthMax = lengthMax;
  }

  /**
   * A dictionary of {@code count} plain values.
   *
   * @param storage holds the copy
   */
  static BytesDictionary of(LeafColumn leaf, PageBytes page, int count, OffHeapBytes storage) {
    boolean fixed = leaf.shape() == LeafColumn.Shape.FIXED_TO_BYTES;
    checkRange("entries of a dictionary", count, 0, page.size() / (fixed ? leaf.width() : 4));
    int[] starts = new int[count];
    int[] lengths = new int[count];
    int lengthMax = 0;
    long position = page.from();
    for (int i = 0; i < count; i++) {
      long length = leaf.width();
      if (!fixed) {
        length = BytesDecoder.Plain.length(page, position);
        position += 4;
      }
      starts[i] = (int) (position - page.from());
      lengths[i] = (int) length;
      lengthMax = Math.max(lengthMax, (int) length);
      position += length;
    }
    MemorySegment copy = storage.ensure(page.size());
    MemorySegment.copy(page.memory(), page.from(), copy, 0, page.size());
    return new BytesDictionary(copy, starts, lengths, lengthMax);
  }

  int size() {
    return lengths.length;
  }

  /** The length of the longest entry. */
  int lengthMax() {
    return lengthMax;
  }

  /** Appends the entries that {@code codes} stand for. */
  void look(int[] codes, int count, BytesOutput out) {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += lengths[codes[i]];
    }
    out.reserve(bytes);
    for (int i = 0; i < count; i++) {
      out.append(memory, starts[codes[i]], lengths[codes[i]]);
    }
  }
}
