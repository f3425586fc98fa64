package io.arrowmill.connectors.file.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packed numbers of every width, against taking them apart bit by bit. */
@Tag("lanes")
class BitUnpackingTest {
  private static final int NUMBERS = 700;
  private static final int SLACK = 64;

  private final long seed = Long.getLong("arrowmill.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final byte[] bytes = new byte[NUMBERS * Integer.BYTES + 2 * SLACK];
  private final MemorySegment memory = MemorySegment.ofArray(bytes);

  BitUnpackingTest() {
    System.out.println("BitUnpackingTest seed=" + seed);
    random.nextBytes(bytes);
  }

  private int[] expected(long firstBit, int width, int count) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      for (int bit = 0; bit < width; bit++) {
        long at = firstBit + (long) i * width + bit;
        numbers[i] |= ((bytes[(int) (at >>> 3)] >>> (at & 7)) & 1) << bit;
      }
    }
    return numbers;
  }

  @Test
  void unpacksFromAnyBitOn() {
    for (int width = 0; width <= 32; width++) {
      for (int count : new int[] {0, 1, 7, 8, 9, 63, 64, 65, 500}) {
        long firstBit = random.nextInt(50);
        int[] out = new int[count + 3];
        BitUnpacking.unpack(memory, firstBit, width, out, 2, count);
        assertThat(Arrays.copyOfRange(out, 2, 2 + count))
            .as("seed=%d, width=%d, count=%d, firstBit=%d", seed, width, count, firstBit)
            .isEqualTo(expected(firstBit, width, count));
        assertThat(out[0] + out[1] + out[count + 2]).isZero();
      }
    }
  }

  @Test
  void lanesUnpackFromAnyByteOn() {
    int lanes = LaneUnpacking.lanes();
    if (lanes < 8) {
      return; // they are never used then
    }
    for (int width = 0; width <= LaneUnpacking.WIDTH_MAX; width++) {
      for (int count : new int[] {0, lanes, 2 * lanes, 640}) {
        int from = random.nextInt(20);
        int[] out = new int[count + 3];
        LaneUnpacking.unpack(memory, from, width, out, 2, count);
        assertThat(Arrays.copyOfRange(out, 2, 2 + count))
            .as("seed=%d, width=%d, count=%d, from=%d", seed, width, count, from)
            .isEqualTo(expected(8L * from, width, count));
        assertThat(out[0] + out[1] + out[count + 2]).isZero();
      }
    }
  }
}
