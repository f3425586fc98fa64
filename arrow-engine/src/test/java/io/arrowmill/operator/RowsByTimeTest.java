package io.arrowmill.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.state.ArrowMemorySource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows by time are those of a sorted map. Closing the allocator is the leak check. */
class RowsByTimeTest {
  /** Times that go on, times all over the place, and few times. */
  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 3_000, 40})
  void rowsAreThoseOfASortedMap(long span) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    try (RootAllocator allocator = new RootAllocator();
        RowsByTime rows = new RowsByTime(new ArrowMemorySource(allocator, "rows", "none"))) {
      TreeMap<Long, Long> expected = new TreeMap<>();
      long base = -span / 2;
      for (int step = 0; step < 20_000; step++) {
        boolean isNext = random.nextInt(3) > 0 && !expected.isEmpty();
        long time = isNext ? expected.lastKey() + 1 : base + random.nextLong(span);
        rows.put(time, 8L + step);
        expected.put(time, 8L + step);
        if (random.nextInt(500) == 0) {
          base += random.nextLong(span);
          rows.removeBefore(base);
          expected.headMap(base).clear();
        }
        long asked = base + random.nextLong(span) - random.nextLong(3);
        Map.Entry<Long, Long> last = expected.floorEntry(asked);
        assertThat(rows.lastUntil(asked))
            .as("seed=" + seed + ", step=" + step)
            .isEqualTo(last == null ? 0 : last.getValue());
      }
      rows.removeBefore(Long.MAX_VALUE);
      assertThat(rows.memoryBytes()).isEqualTo(0);
      assertThat(rows.lastUntil(Long.MAX_VALUE)).isEqualTo(0);
    }
  }
}
