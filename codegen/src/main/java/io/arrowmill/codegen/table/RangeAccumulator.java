package io.arrowmill.codegen.table;

/** An accumulator that adds up ranges of rows, and keeps each sum out of memory meanwhile. */
interface RangeAccumulator extends RunAccumulator {
  /**
   * As {@link #merge} with the pairs of each target and all sources of its range.
   *
   * @param targets their states are empty
   * @param ranges of each target the positions of the first of its sources and of the one behind
   *     the last, two int32; not empty
   * @param sums of the ranges; none is added up yet
   */
  void mergeRanges(long targets, long ranges, long sources, int count, RangeSums sums);
}
