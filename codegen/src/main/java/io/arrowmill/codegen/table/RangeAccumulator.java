package io.arrowmill.codegen.table;

/** An accumulator that adds up ranges of rows, and keeps each sum out of memory meanwhile. */
interface RangeAccumulator extends RunAccumulator {
  /**
   * As {@link #merge} with the pairs of each target and all sources of its range, in order.
   *
   * @param ranges of each target the positions of the first of its sources and of the one behind
   *     the last, two int32; not empty
   */
  void mergeRanges(long targets, long ranges, long sources, int count);
}
