package io.arrowmill.connectors.file.parquet;

import java.lang.foreign.MemorySegment;

/** Unpacks numbers in lanes where that is of use. Any thread may call this. */
final class UnpackingChoice {
  private static final LaneChoice CHOICE = new LaneChoice();

  private UnpackingChoice() {}

  /**
   * Unpacks some of {@code count} numbers from a whole byte on, if lanes are of use.
   *
   * @return how many, a multiple of eight
   */
  static int unpack(MemorySegment in, long from, int width, int[] out, int outIndex, int count) {
    if (count < LaneChoice.COUNT_MIN || width > LaneUnpacking.WIDTH_MAX) {
      return 0;
    }
    if (CHOICE.isSettled()) {
      int whole = count - count % LaneUnpacking.lanes();
      LaneUnpacking.unpack(in, from, width, out, outIndex, whole);
      return whole;
    }
    if (!CHOICE.tries(count)) {
      return 0;
    }
    int whole = count - count % LaneUnpacking.lanes();
    CHOICE.time(whole, n -> LaneUnpacking.unpack(in, from, width, out, outIndex, n));
    return whole;
  }
}
