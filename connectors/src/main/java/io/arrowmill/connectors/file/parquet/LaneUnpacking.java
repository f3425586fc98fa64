package io.arrowmill.connectors.file.parquet;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link BitUnpacking} with one number a lane: bytes are moved so that each lane has the four in
 * which its number lies, then shifted and masked. Only for numbers of up to 25 bits, which lie in
 * four bytes wherever they begin.
 *
 * <p>This class needs the module {@code jdk.incubator.vector}; nothing may touch it without.
 */
final class LaneUnpacking {
  /** Bits of a number that are surely in four bytes. */
  static final int WIDTH_MAX = 25;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, INTS.vectorShape());
  private static final Step[] STEPS = new Step[WIDTH_MAX + 1];

  static {
    for (int width = 0; width <= WIDTH_MAX; width++) {
      STEPS[width] = step(width);
    }
  }

  private LaneUnpacking() {}

  /** How the numbers of one vector are taken out of bytes. */
  private record Step(VectorShuffle<Byte> bytes, IntVector shifts) {}

  private static Step step(int width) {
    int[] bytes = new int[BYTES.length()];
    int[] shifts = new int[INTS.length()];
    for (int lane = 0; lane < shifts.length; lane++) {
      int bit = lane * width;
      shifts[lane] = bit & 7;
      for (int b = 0; b < Integer.BYTES; b++) {
        bytes[Integer.BYTES * lane + b] = Math.min((bit >>> 3) + b, bytes.length - 1);
      }
    }
    return new Step(VectorShuffle.fromArray(BYTES, bytes, 0), IntVector.fromArray(INTS, shifts, 0));
  }

  /** Numbers of a step, a multiple of eight; fewer than eight if lanes are of no use here. */
  static int lanes() {
    return INTS.length();
  }

  /**
   * Unpacks {@code count} numbers, a multiple of {@link #lanes}.
   *
   * @param in readable for a vector behind the byte in which the last number begins
   */
  static void unpack(MemorySegment in, long from, int width, int[] out, int outIndex, int count) {
    Step step = STEPS[width];
    VectorShuffle<Byte> bytes = step.bytes;
    IntVector shifts = step.shifts;
    int mask = (1 << width) - 1;
    int lanes = INTS.length();
    int stepBytes = (lanes * width) >>> 3;
    long position = from;
    for (int i = 0; i < count; i += lanes) {
      ByteVector.fromMemorySegment(BYTES, in, position, ByteOrder.LITTLE_ENDIAN)
          .rearrange(bytes)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHR, shifts)
          .and(mask)
          .intoArray(out, outIndex + i);
      position += stepBytes;
    }
  }
}
