package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;

/**
 * The entries that a {@link DirectIndex} had before it grew.
 *
 * @param bases least value of each key that was covered
 * @param spans number of values of each key that were covered
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DirectEntries(long address, long[] bases, long[] spans) {

  /** Copies them to where they are in an index that covers all their keys by the same steps. */
  void moveTo(DirectIndex index) {
    int last = spans.length - 1;
    long[] digits = new long[spans.length];
    long from = address;
    long runBytes = 8 * spans[last];
    do {
      long to = 0;
      for (int k = 0; k <= last; k++) {
        to += ((bases[k] - index.base(k)) / index.step(k) + digits[k]) * index.stride(k);
      }
      copy(from, index.address() + 8 * to, runBytes);
      from += runBytes;
    } while (isNext(digits, last - 1));
  }

  /** Counts up, the given digit first; false once all have been counted. */
  private boolean isNext(long[] digits, int lowest) {
    for (int k = lowest; k >= 0; k--) {
      if (++digits[k] < spans[k]) {
        return true;
      }
      digits[k] = 0;
    }
    return false;
  }
}
