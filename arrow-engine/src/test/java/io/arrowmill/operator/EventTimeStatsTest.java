package io.arrowmill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The event times of batches against exact sums. */
class EventTimeStatsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0, 1760000000000000, 10",
    "63, 3, 1760000000000000, 5000000",
    "64, 0, 0, 1000",
    "65, 2, -62135596800000000, 99999999999",
    "65536, 0, 1760000000000000, 3600000000",
    "1000, 0, -9223372036854775000, 700",
    "1000, 0, 9223372036854770000, 5000",
    "65536, 0, 1760000000000000, 70368744177664",
    "65536, 0, 1760000000000000, 140737488355328",
    "1000, 0, -1000, 9223372036854775000",
    "50, 1, 5, 5"
  })
  void knowsLeastGreatestAndMean(int rows, int nullEvery, long from, long span) {
    Random random = new Random(rows);
    try (BufferAllocator allocator = new RootAllocator();
        TimeStampMicroVector times = new TimeStampMicroVector("t", allocator)) {
      times.allocateNew(rows);
      BigDecimal sum = BigDecimal.ZERO;
      long count = 0;
      long min = Long.MAX_VALUE;
      long max = Long.MIN_VALUE;
      for (int i = 0; i < rows; i++) {
        long time = from + random.nextLong(span);
        if (nullEvery > 0 && i % nullEvery == 0) {
          times.setNull(i);
        } else {
          times.set(i, time);
          sum = sum.add(BigDecimal.valueOf(time));
          count++;
          min = Math.min(min, time);
          max = Math.max(max, time);
        }
      }
      times.setValueCount(rows);

      EventTimeStats stats = WatermarkOperator.statsOf(times, rows);

      assertThat(stats.count()).isEqualTo(count);
      if (count > 0) {
        double mean = sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL64).doubleValue();
        assertThat(stats.min()).isEqualTo(min);
        assertThat(stats.max()).isEqualTo(max);
        assertThat(stats.mean()).isCloseTo(mean, within(Math.abs(mean) * 1e-12));
      }
    }
  }
}
