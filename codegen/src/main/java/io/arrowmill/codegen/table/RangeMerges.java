package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/** Merges ranges of rows into targets. Owned by one table; one thread at a time. */
final class RangeMerges {
  private static final int PAIRS = GroupTable.SLICE_ROWS_MAX;

  private final Accumulator[] accumulators;
  private final Scratch scratch;
  private final RangeSums sums;

  /**
   * For the accumulators of a table.
   *
   * @param scratch of which nothing is kept between calls
   */
  RangeMerges(Accumulator[] accumulators, Scratch scratch) {
    this.accumulators = accumulators;
    this.scratch = scratch;
    this.sums = new RangeSums(scratch);
  }

  void merge(long targets, long ranges, long sources, int count) {
    sums.set(ranges, sources, count);
    for (Accumulator accumulator : accumulators) {
      if (accumulator instanceof RangeAccumulator adding) {
        sums.begin();
        adding.mergeRanges(targets, ranges, sources, count, sums);
      } else if (accumulator.isMerged()) {
        mergePairs(accumulator, targets, ranges, sources, count);
      }
    }
  }

  private void mergePairs(
      Accumulator accumulator, long targets, long ranges, long sources, int count) {
    long pairTargets = scratch.ensure(16L * PAIRS);
    long pairSources = pairTargets + 8L * PAIRS;
    int pairs = 0;
    for (int i = 0; i < count; i++) {
      long target = getLong(targets + 8L * i);
      int to = getInt(ranges + 8L * i + 4);
      for (int from = getInt(ranges + 8L * i); from < to; from++) {
        if (pairs == PAIRS) {
          accumulator.merge(pairTargets, pairSources, pairs);
          pairs = 0;
        }
        putLong(pairTargets + 8L * pairs, target);
        putLong(pairSources + 8L * pairs++, getLong(sources + 8L * from));
      }
    }
    accumulator.merge(pairTargets, pairSources, pairs);
  }
}
