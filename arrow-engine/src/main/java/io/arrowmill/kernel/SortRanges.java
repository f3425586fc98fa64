package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Ranges of the first words of a key, about as many rows in each as a sample says. Null is in the
 * first range or the last, as the key's order has it. Any thread may ask.
 */
public final class SortRanges {
  private static final int SAMPLES = 8192;

  /** The least word of each range but the first, in order of longs with a sign. */
  private final long[] bounds;

  private SortRanges(long[] bounds) {
    this.bounds = bounds;
  }

  /**
   * The ranges of some batches.
   *
   * @param keys the key in each of the batches; its type must have words
   * @param rows how many rows each batch has
   * @param most how many ranges there are at most
   */
  public static SortRanges of(List<SortKey> keys, int[] rows, int most, MemorySource memory) {
    long all = Arrays.stream(rows).asLongStream().sum();
    int step = (int) Math.max(1, all / SAMPLES);
    LongStream.Builder samples = LongStream.builder();
    for (int batch = 0; batch < rows.length; batch++) {
      sample(keys.get(batch), rows[batch], step, samples, memory);
    }
    long[] sorted = samples.build().sorted().toArray();
    LongStream.Builder bounds = LongStream.builder();
    for (int range = 1; range < most && sorted.length > 0; range++) {
      bounds.add(sorted[(int) ((long) range * sorted.length / most)]);
    }
    return new SortRanges(bounds.build().distinct().toArray());
  }

  /** Whether ranges of a key can be told. */
  public static boolean has(SortKey key) {
    return SortWords.of(key) != null;
  }

  private static void sample(
      SortKey key, int rows, int step, LongStream.Builder samples, MemorySource memory) {
    try (Words words = new Words(key, (rows + step - 1) / step, step, memory)) {
      for (int i = 0; i < words.count; i++) {
        if (words.isPresent(i)) {
          samples.add(words.get(i));
        }
      }
    }
  }

  /** How many ranges there are. */
  public int count() {
    return bounds.length + 1;
  }

  /**
   * Writes the range of each row, int32.
   *
   * @param key the key in the rows' batch
   * @param ranges address of room for them
   */
  public void find(SortKey key, int rows, long ranges, MemorySource memory) {
    int ofNull = key.nullsFirst() ? 0 : bounds.length;
    int highest = Integer.highestOneBit(Math.max(1, bounds.length));
    try (Words words = new Words(key, rows, 1, memory)) {
      for (int row = 0; row < rows; row++) {
        long word = words.get(row);
        int range = 0;
        for (int half = highest; half > 0; half >>= 1) {
          int next = range + half;
          range = next <= bounds.length && bounds[next - 1] <= word ? next : range;
        }
        putInt(ranges + 4L * row, words.isPresent(row) ? range : ofNull);
      }
    }
  }

  /** The first words of every so many rows. */
  private static final class Words implements AutoCloseable {
    private final MemorySource memory;
    private final int count;
    private final int step;
    private final long words;
    private final long positions;
    private final long validity;

    Words(SortKey key, int count, int step, MemorySource memory) {
      this.memory = memory;
      this.count = count;
      this.step = step;
      this.validity =
          key.values().getNullCount() == 0 ? 0 : key.values().getValidityBuffer().memoryAddress();
      try (Parts parts = new Parts()) {
        words = parts.allocate(memory, Math.max(8, 8L * count));
        positions = parts.allocate(memory, Math.max(8, 4L * count));
        for (int i = 0; i < count; i++) {
          putInt(positions + 4L * i, i * step);
        }
        SortWords own = SortWords.of(key);
        if (own == null) {
          throw new IllegalArgumentException("key must have words: type=" + key.type().sql());
        }
        own.fill(0, positions, 0, count, words);
        parts.complete();
      }
    }

    boolean isPresent(int index) {
      return validity == 0 || getBit(validity, (long) index * step);
    }

    long get(int index) {
      return getLong(words + 8L * index) ^ Long.MIN_VALUE;
    }

    @Override
    public void close() {
      memory.free(words, Math.max(8, 8L * count));
      memory.free(positions, Math.max(8, 4L * count));
    }
  }
}
