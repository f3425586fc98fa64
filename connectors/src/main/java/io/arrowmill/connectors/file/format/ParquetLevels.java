package io.arrowmill.connectors.file.format;

/** Parquet's hybrid of run lengths and bit-packed groups, for definition and repetition levels. */
final class ParquetLevels {
  private static final int GROUP = 8;

  private ParquetLevels() {}

  static int bitWidth(int levelMax) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(levelMax);
  }

  /**
   * Appends the levels as data pages want them: four bytes of length, then the runs.
   *
   * @param levels one byte a level, {@code count} of them
   */
  static void encode(byte[] levels, int count, int levelMax, GrowingBytes out) {
    GrowingBytes runs = new GrowingBytes(64);
    int width = bitWidth(levelMax);
    int i = 0;
    while (i < count) {
      int run = runLength(levels, i, count);
      if (run >= GROUP) {
        runs.putVarint(run << 1);
        runs.putByte(levels[i]);
        i += run;
      } else {
        i = packed(levels, i, count, width, runs);
      }
    }
    out.putInt(runs.size());
    out.put(runs.array(), 0, runs.size());
  }

  private static int runLength(byte[] levels, int from, int count) {
    int end = from + 1;
    while (end < count && levels[end] == levels[from]) {
      end++;
    }
    return end - from;
  }

  /**
   * Packs groups of eight until a long run begins at a group's edge; the last group may be padded.
   */
  private static int packed(byte[] levels, int from, int count, int width, GrowingBytes runs) {
    int end = from;
    do {
      end = Math.min(count, end + GROUP);
    } while (end < count && runLength(levels, end, Math.min(count, end + GROUP)) < GROUP);
    int groups = (end - from + GROUP - 1) / GROUP;
    runs.putVarint((groups << 1) | 1);
    for (int group = 0; group < groups; group++) {
      long bits = 0;
      for (int k = 0; k < GROUP; k++) {
        int at = from + group * GROUP + k;
        long level = at < end ? levels[at] : 0;
        bits |= level << (k * width);
      }
      for (int b = 0; b < width; b++) {
        runs.putByte((int) (bits >>> (8 * b)));
      }
    }
    return end;
  }
}
